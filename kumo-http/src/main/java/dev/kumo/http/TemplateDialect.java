package dev.kumo.http;

/** How the templates of an injection are written: its {@code template_dialect}. */
public enum TemplateDialect {
    /**
     * Jinja, as {@code com.hubspot.jinjava:jinjava} understands it, which has to be on the path. Without it, texts in which
     * no template begins are taken as they are.
     */
    JINJA("Jinja"),
    /** No templates: texts are taken as they are. */
    STATIC("Static"),
    /** Handlebars, as {@code com.github.jknack:handlebars} understands it, which has to be on the path. */
    HANDLEBARS("Handlebars");

    private final String key;

    TemplateDialect(String key) {
        this.key = key;
    }

    /**
     * The name in a request.
     *
     * @return such as {@code Jinja}
     */
    public String key() {
        return key;
    }
}
