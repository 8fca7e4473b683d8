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

    private static final int DEEPEST = 50;
    private static final int LONGEST_TAG = 10_000;

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
        requireModest(source);
        try {
            template = (html ? this.html : plain).compileInline(source);
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new TemplateException("it is too large or too deeply nested");
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

    /** Looks at how deep blocks and brackets lie in one another, before the stack pays for it. */
    private static void requireModest(String source) throws TemplateException {
        int blocks = 0;
        int brackets = 0;
        for (int at = source.indexOf("{{"); at >= 0; at = source.indexOf("{{", at + 2)) {
            int end = source.indexOf("}}", at);
            end = end < 0 ? source.length() : end;
            int first = at + 2;
            while (first < end && "{~ ".indexOf(source.charAt(first)) >= 0) {
                first++;
            }
            char kind = first < end ? source.charAt(first) : ' ';
            int second = first + 1;
            while (second < end && "~ ".indexOf(source.charAt(second)) >= 0) {
                second++;
            }
            char more = kind == '#' && second < end ? source.charAt(second) : kind;
            if (more == '>' || more == '*' || kind == '=') {
                throw new TemplateException("a template includes no other, nor itself, and sets no delimiters");
            }
            blocks += kind == '#' || kind == '^' ? 1 : kind == '/' ? -1 : 0;
            for (int i = first; i < end && i - first <= LONGEST_TAG; i++) {
                char c = source.charAt(i);
                brackets += c == '(' ? 1 : c == ')' ? -1 : 0;
                requireModest(brackets <= DEEPEST);
            }
            brackets = 0;
            requireModest(blocks <= DEEPEST);
            if (end - at > LONGEST_TAG && kind != '!') {
                throw new TemplateException("one expression has more than " + LONGEST_TAG + " characters");
            }
        }
    }

    private static void requireModest(boolean modest) throws TemplateException {
        if (!modest) {
            throw new TemplateException("blocks or brackets lie more than " + DEEPEST + " deep in one another");
        }
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
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new TemplateException("what it is to become is too large or too deeply nested");
        } catch (IOException | RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof VirtualMachineError) {
                    throw new TemplateException("what it is to become is too large or too deeply nested");
                }
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
