package dev.kumo.http;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.wire.RequestHead;
import dev.kumo.http.wire.Service;
import dev.kumo.http.wire.Takeover;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a listener answers: its routes, to those who may use them. */
final class Site implements Service {

    private final Router router;
    private final Gate gate;
    private final SameOrigin sameOrigin;

    Site(Router router, Gate gate, SameOrigin sameOrigin) {
        this.router = router;
        this.gate = gate;
        this.sameOrigin = sameOrigin;
    }

    @Override
    public Task find(RequestHead head, InetSocketAddress client, InetSocketAddress server) {
        if (head.method().equals("OPTIONS")) {
            return new Options(router.options(head.path()));
        }
        Route route = router.find(head.method(), head.path());
        sameOrigin.require(head, route.access());
        return new Visit(route, head, gate.caller(client, server));
    }

    /** RFC 9110 section 9.3.7. Open to everybody, and of a made-up path perhaps. */
    private record Options(Answer answer) implements Task {

        @Override
        public String method() {
            return "OPTIONS";
        }

        @Override
        public String path() {
            return "other";
        }

        @Override
        public boolean mustAsk() {
            return false;
        }

        @Override
        public void admit() {
            // tells nothing that the documentation does not
        }

        @Override
        public Answer answer(byte[] body) {
            return answer;
        }
    }

    /** A caller at a route. */
    private final class Visit implements Task {

        private final Route route;
        private final RequestHead head;
        private Caller caller;

        Visit(Route route, RequestHead head, Caller caller) {
            this.route = route;
            this.head = head;
            this.caller = caller;
        }

        @Override
        public String method() {
            return route.method().name();
        }

        @Override
        public String path() {
            return route.path();
        }

        @Override
        public boolean mustAsk() {
            return gate.mustAsk(route.access(), head.authorization());
        }

        @Override
        public void admit() {
            caller = gate.admit(route.access(), caller, head.authorization());
            sameOrigin.requireHost(head, route.access(), caller);
        }

        @Override
        public @Nullable Takeover takeover() {
            return route.takeover();
        }

        @Override
        public Answer answer(byte[] body) throws Exception {
            Request request = new Request(route.method(), route.path(), head.parameters(), head.fields(), body, caller);
            return Objects.requireNonNull(route.handler().handle(request), "a handler's answer is null")
                    .answer();
        }
    }
}
