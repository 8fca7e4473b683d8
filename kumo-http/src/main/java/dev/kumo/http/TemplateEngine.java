package dev.kumo.http;

import java.util.function.Supplier;

/** Reads the templates of a dialect. */
@FunctionalInterface
interface TemplateEngine {

    /**
     * Reads a template.
     *
     * @param source as it was given
     * @param html whether what is put in is escaped for HTML
     * @return the template, compiled
     * @throws TemplateException if it cannot be read
     */
    Template compile(String source, boolean html) throws TemplateException;

    /**
     * The engine of a dialect. Those that need a library are made only if it is there.
     *
     * @param mostOutput the longest text that a template may become
     */
    static TemplateEngine of(TemplateDialect dialect, int mostOutput) {
        return switch (dialect) {
            case STATIC -> (source, html) -> (variables, budget) -> budget.spent(source);
            case JINJA ->
                optional(
                        "com.hubspot.jinjava.Jinjava",
                        () -> new JinjaTemplates(mostOutput),
                        new MissingEngine("Jinja", "com.hubspot.jinjava:jinjava", "{{", "{%", "{#"));
            case HANDLEBARS ->
                optional(
                        "com.github.jknack.handlebars.Handlebars",
                        HandlebarsTemplates::new,
                        new MissingEngine("Handlebars", "com.github.jknack:handlebars", "{{"));
        };
    }

    private static TemplateEngine optional(String library, Supplier<TemplateEngine> engine, TemplateEngine missing) {
        try {
            Class.forName(library, false, TemplateEngine.class.getClassLoader());
        } catch (ClassNotFoundException notThere) {
            return missing;
        }
        return engine.get();
    }
}
