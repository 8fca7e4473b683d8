package dev.kumo.http;

/** An injection failed after messages of it were handed to the reception: nobody can say which of them were received. */
final class UnknownOutcomeException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(Throwable cause) {
        super("it is not known what became of the injection; some of its messages may have been received", cause);
    }
}
