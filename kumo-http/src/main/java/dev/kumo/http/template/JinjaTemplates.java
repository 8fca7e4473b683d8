package dev.kumo.http.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.OutputTooBigException;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.tree.Node;
import dev.kumo.http.answer.Printable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Jinja by jinjava. Templates are strangers': they include no others, reach no Java, and each node looks at the time
 * before it is filled, so that no loop outlasts it.
 */
final class JinjaTemplates implements TemplateEngine {

    private static final String BUDGET = "dev.kumo.http.budget";
    private static final int LONGEST_LIST = 100_000;
    private static final int LONGEST_RANGE = 10_000;

    /** For reading a template, which gives no output. */
    private static final RenderBudget UNBOUNDED = new RenderBudget(Integer.MAX_VALUE, Duration.ofDays(1), () -> 0);

    private static final Map<Context.Library, Set<String>> DISABLED =
            Map.of(Context.Library.TAG, Set.of("include", "import", "from", "extends"));

    private final Jinjava jinjava;
    private final Context library = new Library();

    JinjaTemplates(int mostOutput) {
        jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withMaxOutputSize(mostOutput)
                .withMaxStringLength(mostOutput)
                .withMaxListSize(LONGEST_LIST)
                .withMaxMapSize(LONGEST_LIST)
                .withRangeLimit(LONGEST_RANGE)
                .withMaxRenderDepth(20)
                .withEnableRecursiveMacroCalls(false)
                .withNestedInterpretationEnabled(false) // what is filled in is no template
                .withDisabled(DISABLED)
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> requireTime(interpreter))
                        .build())
                .build());
    }

    /**
     * The filters, tests, functions and tags, which jinjava would otherwise gather anew for each text. Contexts tell those
     * above them what they have used; this one does not keep it, so that it never changes and all threads can share it.
     */
    private static final class Library extends Context {

        Library() {
            super(null, Map.of(), DISABLED);
        }

        @Override
        public void addResolvedExpression(String expression) {
            // not kept
        }

        @Override
        public void addResolvedValue(String value) {
            // not kept
        }

        @Override
        public void addResolvedFunction(String function) {
            // not kept
        }
    }

    /** Ends the rendering from wherever it is. */
    private static final class Late extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Late() {
            super(null, null, false, false);
        }
    }

    private static void requireTime(JinjavaInterpreter interpreter) {
        if (interpreter.getContext().get(BUDGET) instanceof RenderBudget budget && budget.isLate()) {
            throw new Late();
        }
    }

    @Override
    public Template compile(String source, boolean html) throws TemplateException {
        if (!source.contains("{{") && !source.contains("{%") && !source.contains("{#")) {
            return Template.literal(source);
        }
        JinjavaInterpreter parser = newInterpreter(html);
        Node tree;
        try {
            tree = parser.parse(source);
        } catch (RuntimeException e) {
            throw new TemplateException(Printable.of(String.valueOf(e.getMessage())));
        }
        requireNone(parser.getErrorsCopy(), UNBOUNDED);
        return new Template() {
            @Override
            public String render(Map<String, @Nullable Object> variables, RenderBudget budget)
                    throws TemplateException {
                return JinjaTemplates.this.render(tree, html, variables, budget);
            }
        };
    }

    private JinjavaInterpreter newInterpreter(boolean html) {
        Context context = new Context(library);
        context.setAutoEscape(html);
        return new JinjavaInterpreter(jinjava, context, jinjava.getGlobalConfig());
    }

    private String render(Node tree, boolean html, Map<String, @Nullable Object> variables, RenderBudget budget)
            throws TemplateException {
        JinjavaInterpreter interpreter = newInterpreter(html);
        variables.forEach(interpreter.getContext()::put);
        interpreter.getContext().put(BUDGET, budget);
        try (var current = JinjavaInterpreter.closeablePushCurrent(interpreter).get()) {
            String text = current.value().render(tree);
            budget.requireTime();
            requireNone(interpreter.getErrorsCopy(), budget);
            return budget.spent(text);
        } catch (Late e) {
            budget.requireTime();
            throw new TemplateException("took too long");
        } catch (OutputTooBigException e) {
            budget.spend(Integer.MAX_VALUE);
            throw new TemplateException("became too long");
        } catch (RuntimeException e) {
            budget.requireTime();
            throw new TemplateException(Printable.of(String.valueOf(e.getMessage())));
        }
    }

    private static void requireNone(List<TemplateError> errors, RenderBudget budget) throws TemplateException {
        for (TemplateError error : errors) {
            if (error.getReason() == TemplateError.ErrorReason.OUTPUT_TOO_BIG) {
                budget.spend(Integer.MAX_VALUE);
            }
            if (error.getSeverity() == TemplateError.ErrorType.FATAL) {
                throw new TemplateException(
                        "line " + error.getLineno() + ": " + Printable.of(String.valueOf(error.getMessage())));
            }
        }
    }
}
