package dev.kumo.http;

/** A template that cannot be read, or not be filled. The message is for whoever wrote it. */
final class TemplateException extends Exception {

    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message, null, false, false);
    }
}
