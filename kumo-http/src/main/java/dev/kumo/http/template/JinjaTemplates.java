package dev.kumo.http.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpreterFactory;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.OutputTooBigException;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TextNode;
import dev.kumo.http.answer.Printable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Jinja by jinjava. Templates are strangers': they include no others, reach no Java, and look at the time before each
 * node, variable and filter, so that neither loop nor expression outlasts it.
 */
final class JinjaTemplates implements TemplateEngine {

    private static final int LONGEST_LIST = 100_000;
    private static final int LONGEST_RANGE = 10_000;

    /** Of one expression or tag, in characters. */
    private static final int LONGEST_TAG = 10_000;

    /** Operators that join texts and lists, in one expression; each copies what is left of it. */
    private static final int MOST_JOINED = 100;

    private static final int DEEPEST = 50;

    /** For reading a template, which gives no output. */
    private static final RenderBudget UNBOUNDED = new RenderBudget(Integer.MAX_VALUE, Duration.ofDays(1), () -> 0);

    private static final Map<Context.Library, Set<String>> DISABLED = Map.of(
            Context.Library.TAG, Set.of("include", "import", "from", "extends"),
            Context.Library.EXP_TEST, Set.of("containingall")); // each of one list with each of another

    private final Jinjava jinjava;
    private final Context library = new Library();
    private final int mostOutput;

    JinjaTemplates(int mostOutput) {
        this.mostOutput = mostOutput;
        jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withMaxOutputSize(mostOutput)
                .withMaxStringLength(mostOutput)
                .withMaxListSize(LONGEST_LIST)
                .withMaxMapSize(LONGEST_LIST)
                .withRangeLimit(LONGEST_RANGE)
                .withMaxRenderDepth(20)
                .withEnableRecursiveMacroCalls(false)
                .withNestedInterpretationEnabled(false) // what is filled in is no template
                .withElResolver(new JinjaResolver())
                .withInterperterFactory(new Interpreters())
                .withDisabled(DISABLED)
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> {
                            if (interpreter instanceof JinjaInterpreter ours) {
                                ours.requireDepth();
                            }
                        })
                        .build())
                .build());
    }

    /** Sees to it that an interpreter within another has the same budget. */
    private static final class Interpreters implements InterpreterFactory {

        @Override
        public JinjavaInterpreter newInstance(JinjavaInterpreter outer) {
            return new JinjaInterpreter((JinjaInterpreter) outer);
        }

        @Override
        public JinjavaInterpreter newInstance(Jinjava jinjava, Context context, JinjavaConfig config) {
            return new JinjaInterpreter(jinjava, context, UNBOUNDED, config.getMaxOutputSize());
        }
    }

    /**
     * The filters, tests, functions and tags, which jinjava would otherwise gather anew for each text. Contexts tell those
     * above them what they have used; this one does not keep it, so that it never changes and all threads can share it.
     */
    private static final class Library extends Context {

        Library() {
            super(null, Map.of(), DISABLED);
            List.copyOf(getAllFilters()).forEach(filter -> registerFilter(new JinjaFilter(filter)));
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

    @Override
    public Template compile(String source, boolean html) throws TemplateException {
        if (!source.contains("{{") && !source.contains("{%") && !source.contains("{#")) {
            return Template.literal(source);
        }
        JinjaInterpreter parser = newInterpreter(html, UNBOUNDED);
        Node tree;
        try {
            tree = parser.parse(source);
            requireModest(tree);
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new TemplateException("it is too large or too deeply nested");
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

    private record Placed(Node node, int depth) {}

    /** Looks at all that will be read and walked through, before the stack pays for it. */
    private static void requireModest(Node tree) throws TemplateException {
        Deque<Placed> rest = new ArrayDeque<>();
        rest.push(new Placed(tree, 0));
        while (!rest.isEmpty()) {
            Placed placed = rest.pop();
            Node node = placed.node;
            if (placed.depth > DEEPEST) {
                throw new TemplateException(
                        "line " + node.getLineNumber() + ": tags lie more than " + DEEPEST + " deep in one another");
            }
            if (placed.depth > 0 && !(node instanceof TextNode)) {
                requireModest(node.getMaster().getImage(), node.getLineNumber());
            }
            node.getChildren().forEach(child -> rest.push(new Placed(child, placed.depth + 1)));
        }
    }

    private static void requireModest(String expression, int line) throws TemplateException {
        if (expression.length() > LONGEST_TAG) {
            throw new TemplateException("line " + line + ": one expression has more than " + LONGEST_TAG
                    + " characters; put long texts into substitutions");
        }
        int depth = 0;
        int joined = 0;
        int signs = 0;
        for (int i = 0; i < expression.length(); i++) {
            switch (expression.charAt(i)) {
                case '(', '[', '{' -> depth++;
                case ')', ']', '}' -> depth--;
                case '+', '~' -> joined++;
                case '-', '!', '?', '*' -> signs++;
                default -> {}
            }
            if (depth > DEEPEST || joined > MOST_JOINED || signs > 10 * MOST_JOINED) {
                throw new TemplateException("line " + line + ": an expression has more than " + DEEPEST
                        + " brackets in one another, or more than " + MOST_JOINED + " of + and ~; take it apart");
            }
        }
    }

    private JinjaInterpreter newInterpreter(boolean html, RenderBudget budget) {
        Context context = new Context(library);
        context.setAutoEscape(html);
        return new JinjaInterpreter(jinjava, context, budget, mostOutput);
    }

    private String render(Node tree, boolean html, Map<String, @Nullable Object> variables, RenderBudget budget)
            throws TemplateException {
        JinjaInterpreter interpreter = newInterpreter(html, budget);
        variables.forEach(interpreter.getContext()::put);
        try (var current = JinjavaInterpreter.closeablePushCurrent(interpreter).get()) {
            String text = current.value().render(tree);
            requireOrder(interpreter, budget);
            requireNone(interpreter.getErrorsCopy(), budget);
            return budget.spent(text);
        } catch (OutputTooBigException e) {
            budget.spend(Integer.MAX_VALUE);
            throw new TemplateException("became too long");
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new TemplateException("what it is to become is too large or too deeply nested");
        } catch (RuntimeException e) {
            requireOrder(interpreter, budget);
            throw new TemplateException(Printable.of(String.valueOf(e.getMessage())));
        }
    }

    private static void requireOrder(JinjaInterpreter interpreter, RenderBudget budget) throws TemplateException {
        budget.requireTime();
        String refusal = interpreter.refusal();
        if (refusal != null) {
            throw new TemplateException(Printable.of(refusal));
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
