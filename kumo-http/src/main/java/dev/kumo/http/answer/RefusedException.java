package dev.kumo.http.answer;

/** A request that is answered with an error: what its sender is told, and no more. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    public RefusedException(int status, String detail) {
        super(detail, null, false, false);
        this.answer = Answer.problem(status, detail);
    }

    public RefusedException(Answer answer) {
        super(answer.toString(), null, false, false);
        this.answer = answer;
    }

    public Answer answer() {
        return answer;
    }
}
