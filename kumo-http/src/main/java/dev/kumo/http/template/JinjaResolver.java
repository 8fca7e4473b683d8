package dev.kumo.http.template;

import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.objects.collections.PyList;
import com.hubspot.jinjava.objects.date.PyishDate;
import com.hubspot.jinjava.util.ForLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/** What expressions reach: values within maps and lists, and of methods those few that tell or add a value. */
final class JinjaResolver extends CompositeELResolver {

    private static final ELResolver BEANS = JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY;

    @Override
    public @Nullable Object getValue(ELContext context, @Nullable Object base, @Nullable Object property) {
        if (base instanceof Map<?, ?>
                || base instanceof List<?>
                || base instanceof ForLoop
                || base instanceof PyishDate
                || base instanceof Object[]) {
            return BEANS.getValue(context, base, property);
        }
        context.setPropertyResolved(true);
        if (base instanceof Map.Entry<?, ?> entry) {
            return "key".equals(property) ? entry.getKey() : "value".equals(property) ? entry.getValue() : null;
        }
        return null;
    }

    @Override
    public @Nullable Object invoke(
            ELContext context,
            @Nullable Object base,
            @Nullable Object method,
            Class<?> @Nullable [] types,
            @Nullable Object @Nullable [] given) {
        context.setPropertyResolved(true);
        @Nullable Object[] params = given == null ? new Object[0] : given;
        if (base instanceof Filter filter && params.length == 4) {
            return filter(filter, params);
        }
        if (base instanceof ExpTest test && params.length >= 2) {
            JinjavaInterpreter interpreter = (JinjavaInterpreter) Objects.requireNonNull(params[1]);
            Object[] more = Arrays.copyOfRange(params, 2, params.length);
            boolean negated = "evaluateNegated".equals(method);
            return negated
                    ? test.evaluateNegated(params[0], interpreter, more)
                    : test.evaluate(params[0], interpreter, more);
        }
        if (base instanceof PyList list && "append".equals(method) && params.length == 1) {
            try {
                return list.append(params[0]);
            } catch (UnsupportedOperationException fixed) {
                throw refused("a substitution cannot be changed");
            }
        }
        if (base instanceof Map<?, ?> map) {
            if (params.length == 0 && "items".equals(method)) {
                return new ArrayList<>(map.entrySet());
            }
            if (params.length == 0 && "keys".equals(method)) {
                return new ArrayList<>(map.keySet());
            }
            if (params.length == 0 && "values".equals(method)) {
                return new ArrayList<>(map.values());
            }
            if ((params.length == 1 || params.length == 2) && "get".equals(method)) {
                Object found = map.get(params[0]);
                return found == null && params.length == 2 ? params[1] : found;
            }
        }
        throw refused("a value has no method here but items, keys, values, get and append; use a filter");
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object filter(Filter filter, @Nullable Object[] params) {
        return filter.filter(
                params[0],
                (JinjavaInterpreter) Objects.requireNonNull(params[1]),
                (Object[]) Objects.requireNonNull(params[2]),
                (Map<String, Object>) Objects.requireNonNull(params[3]));
    }

    private static JinjaInterpreter.Stop refused(String why) {
        return JinjavaInterpreter.getCurrent() instanceof JinjaInterpreter current
                ? current.refuse(why)
                : new JinjaInterpreter.Stop(why);
    }

    @Override
    public void setValue(ELContext context, Object base, Object property, Object value) {
        throw refused("a value cannot be set so");
    }
}
