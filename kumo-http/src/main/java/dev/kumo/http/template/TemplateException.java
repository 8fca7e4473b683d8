package dev.kumo.http.template;

/** A template that cannot be read, or not be filled. The message is for whoever wrote it. */
public final class TemplateException extends Exception {

    private static final long serialVersionUID = 1L;

    public TemplateException(String message) {
        super(message, null, false, false);
    }
}
