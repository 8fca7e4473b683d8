package dev.kumo.http.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders one text, and knows what that may cost: no name of a template reaches this. Between two looks at the time there
 * is one variable or one filter, of which none may be large.
 */
final class JinjaInterpreter extends JinjavaInterpreter {

    private static final int MOST_VALUES = 200_000;
    private static final int MOST_DIGITS = 1000;
    private static final int DEEPEST_SCOPE = 100;

    private final RenderBudget budget;
    private final long mostCharacters;
    private int depth;
    private long characters;
    private @Nullable String refusal;

    JinjaInterpreter(Jinjava jinjava, Context context, RenderBudget budget, long mostCharacters) {
        super(jinjava, context, jinjava.getGlobalConfig());
        this.budget = budget;
        this.mostCharacters = mostCharacters;
    }

    /** One within another, as some tags make. */
    JinjaInterpreter(JinjaInterpreter outer) {
        super(outer);
        this.budget = outer.budget;
        this.mostCharacters = outer.mostCharacters;
    }

    /** Ends an expression, or the rendering, from wherever it is. */
    static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop(String why) {
            super(why, null, false, false);
        }
    }

    /** The first reason for which the template is refused, whatever jinjava makes of it. */
    @Nullable String refusal() {
        return refusal;
    }

    Stop refuse(String why) {
        if (refusal == null) {
            refusal = "line " + getLineNumber() + ": " + why;
        }
        return new Stop(why);
    }

    void requireTime() {
        if (budget.isLate()) {
            throw new Stop("took too long");
        }
    }

    void requireDepth() {
        requireTime();
        if (getScopeDepth() > DEEPEST_SCOPE) {
            throw refuse("macros and loops lie more than " + DEEPEST_SCOPE + " deep in one another");
        }
    }

    /** Takes a value into account of which an expression makes use. */
    void charge(@Nullable Object value) {
        requireTime();
        Deque<Object> rest = new ArrayDeque<>();
        int values = 0;
        @Nullable Object next = value;
        while (next != null) {
            if (next instanceof CharSequence text) {
                characters += text.length();
            } else if (next instanceof BigDecimal number
                    && (Math.abs((long) number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS)) {
                throw refuse("a number has more than " + MOST_DIGITS + " digits");
            } else if (next instanceof BigInteger number && number.bitLength() > 3 * MOST_DIGITS) {
                throw refuse("a number has more than " + MOST_DIGITS + " digits");
            } else if (next instanceof Map<?, ?> map) {
                values += map.size();
                requireFew(values);
                map.forEach((name, inner) -> {
                    push(rest, name);
                    push(rest, inner);
                });
            } else if (next instanceof Collection<?> list) {
                values += list.size();
                requireFew(values);
                list.forEach(inner -> push(rest, inner));
            }
            if (characters > mostCharacters) {
                throw refuse("an expression uses values of more than " + mostCharacters + " characters in all");
            }
            next = rest.poll();
        }
    }

    /** Refuses to make a text so long. */
    void requireRoom(long more) {
        if (more > mostCharacters) {
            throw refuse("a filter would make a text of more than " + mostCharacters + " characters");
        }
    }

    private void requireFew(int values) {
        if (values > MOST_VALUES) {
            throw refuse("a list or map holds more than " + MOST_VALUES + " values, with all that lie within");
        }
    }

    private static void push(Deque<Object> rest, @Nullable Object value) {
        if (value instanceof CharSequence
                || value instanceof Number
                || value instanceof Map<?, ?>
                || value instanceof Collection<?>) {
            rest.push(value);
        }
    }

    @Override
    public @Nullable Object retraceVariable(String variable, int line, int position) {
        Object value = super.retraceVariable(variable, line, position);
        charge(value);
        return value;
    }

    @Override
    public @Nullable Object resolveELExpression(String expression, int line, int position) {
        if (depth++ == 0) {
            characters = 0;
        }
        try {
            return super.resolveELExpression(expression, line, position);
        } finally {
            depth--;
        }
    }

    @Override
    public String getAsString(@Nullable Object value) {
        characters = 0;
        charge(value);
        return super.getAsString(value);
    }
}
