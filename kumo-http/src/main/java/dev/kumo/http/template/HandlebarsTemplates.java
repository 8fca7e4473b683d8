package dev.kumo.http.template;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.HandlebarsException;
import com.github.jknack.handlebars.ValueResolver;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.io.AbstractTemplateLoader;
import com.github.jknack.handlebars.io.TemplateSource;
import dev.kumo.http.answer.Printable;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handlebars by handlebars.java. Templates are strangers': they include no others and see nothing but maps, and each
 * value looks at the time before it is found, so that no loop outlasts it.
 */
final class HandlebarsTemplates implements TemplateEngine {

    /** Helpers that read other templates or bundles, or write to the log. */
    private static final List<String> FORBIDDEN =
            List.of("block", "embedded", "i18n", "i18nJs", "include", "log", "partial", "precompile");

    private final Handlebars html = handlebars();
    private final Handlebars plain = handlebars().with(EscapingStrategy.NOOP);

    private static Handlebars handlebars() {
        Handlebars handlebars = new Handlebars(new NoLoader()).infiniteLoops(false);
        for (String name : FORBIDDEN) {
            handlebars.registerHelper(name, (context, options) -> {
                throw new IllegalArgumentException("there is no helper '" + name + "' here");
            });
        }
        return handlebars;
    }

    private static final class NoLoader extends AbstractTemplateLoader {

        @Override
        public TemplateSource sourceAt(String location) throws IOException {
            throw new IOException("a template includes no other");
        }
    }

    @Override
    public Template compile(String source, boolean html) throws TemplateException {
        if (!source.contains("{{")) {
            return Template.literal(source);
        }
        com.github.jknack.handlebars.Template template;
        try {
            template = (html ? this.html : plain).compileInline(source);
        } catch (IOException | RuntimeException e) {
            throw new TemplateException(reason(e));
        }
        return new Template() {
            @Override
            public String render(Map<String, @Nullable Object> variables, RenderBudget budget)
                    throws TemplateException {
                return HandlebarsTemplates.render(template, variables, budget);
            }
        };
    }

    private static String render(
            com.github.jknack.handlebars.Template template,
            Map<String, @Nullable Object> variables,
            RenderBudget budget)
            throws TemplateException {
        Bounded out = new Bounded(budget);
        Context context =
                Context.newBuilder(variables).resolver(new Timed(budget)).build();
        try {
            template.apply(context, out);
            return out.toString();
        } catch (Spent e) {
            throw e.why;
        } catch (IOException | RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof Spent spent) {
                    throw spent.why;
                }
            }
            throw new TemplateException(reason(e));
        } finally {
            context.destroy();
        }
    }

    private static String reason(Exception e) {
        String text = e instanceof HandlebarsException parse && parse.getError() != null
                ? "line " + parse.getError().line + ": " + parse.getError().reason
                : String.valueOf(e.getMessage());
        return Printable.of(text);
    }

    /** Ends the rendering from wherever it is. */
    private static final class Spent extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient TemplateException why;

        Spent(TemplateException why) {
            super(why.getMessage(), null, false, false);
            this.why = why;
        }
    }

    private static final class Bounded extends StringWriter {
        private final RenderBudget budget;

        Bounded(RenderBudget budget) {
            this.budget = budget;
        }

        private void spend(int characters) {
            try {
                budget.spend(characters);
                budget.requireTime();
            } catch (TemplateException e) {
                throw new Spent(e);
            }
        }

        @Override
        public void write(int c) {
            spend(1);
            super.write(c);
        }

        @Override
        public void write(char[] chars, int from, int count) {
            spend(count);
            super.write(chars, from, count);
        }

        @Override
        public void write(String text) {
            spend(text.length());
            super.write(text);
        }

        @Override
        public void write(String text, int from, int count) {
            spend(count);
            super.write(text, from, count);
        }
    }

    private static final class Timed implements ValueResolver {
        private final RenderBudget budget;

        Timed(RenderBudget budget) {
            this.budget = budget;
        }

        private void requireTime() {
            try {
                budget.requireTime();
            } catch (TemplateException e) {
                throw new Spent(e);
            }
        }

        @Override
        public Object resolve(Object context, String name) {
            requireTime();
            return MapValueResolver.INSTANCE.resolve(context, name);
        }

        @Override
        public Object resolve(Object context) {
            requireTime();
            return MapValueResolver.INSTANCE.resolve(context);
        }

        @Override
        public Set<Map.Entry<String, Object>> propertySet(Object context) {
            requireTime();
            return MapValueResolver.INSTANCE.propertySet(context);
        }
    }
}
