package dev.kumo.http;

import dev.kumo.http.answer.Printable;
import dev.kumo.http.endpoint.Ask;
import dev.kumo.http.endpoint.Endpoint;
import dev.kumo.http.endpoint.Operation;
import dev.kumo.http.wire.Takeover;
import org.jspecify.annotations.Nullable;

/** A path and what it answers to one method. */
record Route(
        Method method,
        String path,
        Access access,
        Operation operation,
        Handler handler,
        @Nullable Takeover takeover) {

    /** One that its owner documents elsewhere. */
    Route(Method method, String path, Access access, Handler handler) {
        this(method, path, access, Operation.ofApplication(), handler);
    }

    Route(Method method, String path, Access access, Operation operation, Handler handler) {
        this(method, path, access, operation, handler, null);
    }

    static Route of(Endpoint endpoint) {
        return new Route(
                Method.valueOf(endpoint.method()),
                endpoint.path(),
                endpoint.open() ? Access.OPEN : Access.TRUSTED,
                endpoint.operation(),
                request -> new Response(endpoint.action().answer(new Ask(request.query(), request.body()))),
                endpoint.takeover());
    }

    /** What the OpenAPI document tells of it. */
    Operation described() {
        return switch (access) {
            case OPEN -> operation;
            case AUTHENTICATED -> operation.authenticated();
            case TRUSTED -> operation.trusted();
        };
    }

    Route {
        boolean fit = path.startsWith("/")
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#' && c != '%' && c != '\\');
        if (!fit) {
            throw new IllegalArgumentException(
                    "a path begins with / and holds printable ASCII without ?, #, % and \\, unlike "
                            + Printable.quoted(path));
        }
    }
}
