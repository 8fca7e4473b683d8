package dev.kumo.core.options;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** A call of a setter, with its arguments and the place in the configuration that it comes from. */
final class Call {

    private final Place place;
    private final Method method;
    private final Object[] arguments;

    Call(Place place, Method method, Object... arguments) {
        this.place = place;
        this.method = method;
        this.arguments = arguments;
    }

    /**
     * Calls the setter of a builder.
     *
     * @throws OptionException if the setter refuses the value
     */
    void on(Object builder) {
        try {
            method.invoke(builder, arguments);
        } catch (InvocationTargetException e) {
            throw thrown(e.getTargetException());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(
                    method.getDeclaringClass().getName() + " must be public, and in a package that its module exports",
                    e);
        }
    }

    private RuntimeException thrown(Throwable thrown) {
        // One of a table within this one names its place already.
        if (thrown instanceof OptionException option) {
            return option;
        }
        if (thrown instanceof IllegalArgumentException refusal) {
            return place.refused(refusal);
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException bug ? bug : new IllegalStateException(method + " failed", thrown);
    }
}
