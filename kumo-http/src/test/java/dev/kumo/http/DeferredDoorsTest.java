package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.Listener;
import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of several listeners each keeps the promises of {@code deferred_generation} that it has made itself. */
@Timeout(60)
class DeferredDoorsTest extends LaterMail {

    @Test
    void listenersThatCannotBeToldApartPromiseNothing() throws IOException {
        HttpListener one = HttpListener.builder().listen("127.0.0.1:0").build();
        HttpListener two = HttpListener.builder().listen("127.0.0.1:0").build();
        running = between(one, two);
        for (HttpListener each : List.of(one, two)) {
            listener = each;
            RawClient.Reply reply = post(request("a@c.example"));
            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.body()).contains("deferred_generation").contains("give each a name of its own");
            assertThat(post(request("now@c.example").replace("_generation\":true", "_generation\":false"))
                            .body())
                    .contains("\"success_count\":1");
        }
        awaitDelivered(2);
        assertThat(delivered).extracting(Map.Entry::getKey).containsOnly("now@c.example");
    }

    @Test
    void aListenerWithANameKeepsItsPromisesByItsOwnPolicies() throws IOException {
        HttpListener one = named("one");
        HttpListener two = named("two");
        running = between(one, two);
        listener = two;
        assertThat(post(request("b@c.example")).body()).isEqualTo(NOTHING);
        listener = one;
        assertThat(post(request("a@c.example")).body()).isEqualTo(NOTHING);
        awaitDelivered(2);
        assertThat(meta.get("a@c.example")).containsEntry("by", "one");
        assertThat(meta.get("b@c.example")).containsEntry("by", "two");
    }

    private static HttpListener named(String name) {
        return HttpListener.builder()
                .listen("127.0.0.1:0")
                .name(name)
                .policy(marking(name))
                .build();
    }

    private static HttpPolicy marking(String name) {
        return HttpPolicy.onMessageGenerated((caller, message) -> {
            message.meta().put("by", name);
            return Verdict.proceed();
        });
    }

    private Mta between(Listener... doors) throws IOException {
        Mta.Builder builder = Mta.builder().spool(Spool.inMemory()).delivery(this::deliver);
        Stream.of(doors).forEach(builder::listener);
        Mta mta = builder.build();
        mta.start();
        return mta;
    }

    @Test
    void doorsOfOneNameWithinTheProcessPromiseNothing() throws IOException {
        Inject two = Inject.builder().build();
        running = between(Inject.builder().build(), two);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> two.v1(promise()))
                .withMessageContaining("give each a name of its own");
        assertThatIllegalArgumentException().isThrownBy(() -> Inject.builder().name(" "));
    }

    @Test
    void aDoorWithANameKeepsItsPromisesByItsOwnPolicies() throws IOException {
        Inject one = Inject.builder().policy(marking("one")).build();
        Inject two = Inject.builder().name("two").policy(marking("two")).build();
        running = between(one, two);
        two.v1(promise());
        awaitDelivered(1);
        assertThat(meta.get("a@c.example")).containsEntry("by", "two");
    }

    private static InjectRequest promise() {
        return InjectRequest.builder(
                        "s@b.example", InjectContent.builder().textBody("x").build())
                .recipient("a@c.example")
                .deferredGeneration(true)
                .build();
    }

    @Test
    void eachListenerAsksItsOwnPolicies() throws IOException {
        HttpListener strict = HttpListener.builder()
                .listen("localhost:0")
                .policy(HttpPolicy.onMessageGenerated((caller, message) -> Verdict.reject(550, "5.7.1", "not here")))
                .build();
        HttpListener lax = HttpListener.builder().listen("127.0.0.1:0").build();
        try (Mta mta = Mta.builder()
                .listener(lax)
                .listener(strict)
                .spool(Spool.inMemory())
                .delivery(Delivery.discard())
                .observer(MtaObserver.of(records::add))
                .build()) {
            mta.start();
            for (HttpListener each : List.of(strict, lax)) {
                listener = each;
                assertThat(post(request(each == lax ? "lax@c.example" : "strict@c.example"))
                                .body())
                        .isEqualTo(NOTHING);
            }
            awaitEmpty(mta);
        }
        assertThat(records).extracting(LogRecord::type).containsExactlyInAnyOrder("Bounce", "Reception", "Delivery");
        assertThat(records)
                .filteredOn(LogRecord.Bounce.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        LogRecord.Bounce.class,
                        bounce -> assertThat(bounce.message().recipients())
                                .extracting(Object::toString)
                                .containsExactly("strict@c.example"));
    }
}
