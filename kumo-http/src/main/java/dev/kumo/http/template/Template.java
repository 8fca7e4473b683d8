package dev.kumo.http.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A text with gaps, compiled once and filled for each recipient. May be used by several threads at once. */
@FunctionalInterface
public interface Template {

    /** A text without gaps. */
    static Template literal(String text) {
        return (variables, budget) -> budget.spent(text);
    }

    /**
     * Fills the gaps.
     *
     * @param variables what to fill them with
     * @param budget what this may cost
     * @return the text
     * @throws TemplateException if it cannot be filled so, or costs too much
     */
    String render(Map<String, @Nullable Object> variables, RenderBudget budget) throws TemplateException;
}
