package dev.kumo.http.template;

import java.util.Arrays;

/** Stands in for an engine whose library is not there: takes texts in which no template begins as they are. */
final class MissingEngine implements TemplateEngine {

    private final String dialect;
    private final String library;
    private final String[] beginnings;

    MissingEngine(String dialect, String library, String... beginnings) {
        this.dialect = dialect;
        this.library = library;
        this.beginnings = beginnings;
    }

    @Override
    public Template compile(String source, boolean html) throws TemplateException {
        if (Arrays.stream(beginnings).anyMatch(source::contains)) {
            throw new TemplateException("it holds a template of " + dialect + ", for which this server lacks " + library
                    + "; put it and what it needs on its path, or say template_dialect = 'Static'");
        }
        return Template.literal(source);
    }
}
