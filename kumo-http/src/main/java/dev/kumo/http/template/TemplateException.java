package dev.kumo.http.template;

/** A template that cannot be read, or not be filled. The message is for whoever wrote it. */
public final class TemplateException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean late;

    public TemplateException(String message) {
        this(message, false);
    }

    private TemplateException(String message, boolean late) {
        super(message, null, false, false);
        this.late = late;
    }

    static TemplateException late(String message) {
        return new TemplateException(message, true);
    }

    /** Whether it took too long, which says less of the template than of what else there was to do. */
    public boolean isLate() {
        return late;
    }
}
