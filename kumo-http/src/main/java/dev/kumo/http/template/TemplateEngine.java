package dev.kumo.http.template;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Reads the templates of a dialect. */
@FunctionalInterface
public interface TemplateEngine {

    /**
     * Reads a template.
     *
     * @param source as it was given
     * @param html whether what is put in is escaped for HTML
     * @return the template, compiled
     * @throws TemplateException if it cannot be read
     */
    Template compile(String source, boolean html) throws TemplateException;

    /** Takes texts as they are. */
    static TemplateEngine none() {
        return (source, html) -> Template.literal(source);
    }

    /**
     * Jinja, if its library is there.
     *
     * @param mostOutput the longest text that a template may become
     */
    static TemplateEngine jinja(int mostOutput) {
        return optional(
                "com.hubspot.jinjava.Jinjava",
                () -> new JinjaTemplates(mostOutput),
                new MissingEngine("Jinja", "com.hubspot.jinjava:jinjava", "{{", "{%", "{#"));
    }

    /** Handlebars, if its library is there. */
    static TemplateEngine handlebars() {
        return optional(
                "com.github.jknack.handlebars.Handlebars",
                () -> new HandlebarsTemplates(), // a reference would load the library where it is named
                new MissingEngine("Handlebars", "com.github.jknack:handlebars", "{{"));
    }

    private static TemplateEngine optional(String library, Supplier<TemplateEngine> engine, TemplateEngine missing) {
        try {
            Class.forName(library, false, TemplateEngine.class.getClassLoader());
            return warmed(engine.get());
        } catch (ClassNotFoundException notThere) {
            return missing;
        } catch (LinkageError incomplete) {
            LoggerFactory.getLogger(TemplateEngine.class)
                    .warn("{} is there, and a library that it needs is not: {}", library, incomplete.toString());
            return missing;
        }
    }

    /** The first text has hundreds of classes loaded, for which the first message is not to pay with its time. */
    private static TemplateEngine warmed(TemplateEngine engine) {
        try {
            RenderBudget unbounded = new RenderBudget(Integer.MAX_VALUE, Duration.ofDays(1), () -> 0);
            engine.compile("{{ a }}", true).render(Map.of("a", "<b>"), unbounded);
            return engine;
        } catch (TemplateException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
