package dev.kumo.http;

/** A request that is answered with an error: what its sender is told, and no more. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Response response;

    RefusedException(int status, String detail) {
        super(detail, null, false, false);
        this.response = Response.problem(status, detail);
    }

    RefusedException(Response response) {
        super(response.toString(), null, false, false);
        this.response = response;
    }

    Response response() {
        return response;
    }
}
