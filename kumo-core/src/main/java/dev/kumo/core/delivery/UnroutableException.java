package dev.kumo.core.delivery;

/** There is no way to where mail has to go, now or ever. */
public final class UnroutableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    /**
     * Says what becomes of the mail.
     *
     * @param outcome a deferral or a refusal
     */
    public UnroutableException(Outcome outcome) {
        super(outcome.reply().toString());
        this.outcome = outcome;
    }

    /**
     * What becomes of the mail.
     *
     * @return a deferral or a refusal
     */
    public Outcome outcome() {
        return outcome;
    }
}
