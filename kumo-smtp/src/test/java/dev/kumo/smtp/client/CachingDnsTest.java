package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CachingDnsTest {

    private static final String HOST = "mx.example";

    private final SettableTime time = new SettableTime();
    private final ScriptedDns dns = new ScriptedDns();
    private final CachingDns cache = new CachingDns(dns, time, 1_000);

    @Test
    void anAnswerIsKeptForItsTtl() {
        found(Duration.ofMinutes(10));

        lookup();
        time.pass(Duration.ofMinutes(9));
        assertThat(lookup().ttl()).as("what is left").isEqualTo(Duration.ofMinutes(1));
        assertThat(dns.questions()).hasSize(1);

        time.pass(Duration.ofMinutes(1));
        lookup();
        assertThat(dns.questions()).hasSize(2);
    }

    @Test
    void theTtlHasAFloorAndACap() {
        found(Duration.ZERO);
        assertThat(lookup().ttl()).isEqualTo(Duration.ofSeconds(30));

        time.pass(Duration.ofSeconds(30));
        found(Duration.ofDays(30));
        assertThat(lookup().ttl()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void noneIsKeptAnHourAtMost() {
        dns.answering(HOST, DnsType.A, new DnsAnswer.NoSuchName<>(Duration.ofDays(1)));
        assertThat(lookup()).isEqualTo(new DnsAnswer.NoSuchName<InetAddress>(Duration.ofHours(1)));

        time.pass(Duration.ofHours(1));
        dns.answering(HOST, DnsType.A, new DnsAnswer.NoData<>(Duration.ofMinutes(5)));
        assertThat(lookup()).isEqualTo(new DnsAnswer.NoData<InetAddress>(Duration.ofMinutes(5)));
    }

    @Test
    void aFailureIsKeptForHalfAMinute() {
        dns.failing(HOST, DnsType.A);
        lookup();
        time.pass(Duration.ofSeconds(29));
        lookup();
        assertThat(dns.questions()).hasSize(1);

        time.pass(Duration.ofSeconds(1));
        lookup();
        assertThat(dns.questions()).hasSize(2);
    }

    @Test
    void anOldAnswerServesWhileTheDnsFails() {
        found(Duration.ofMinutes(10));
        DnsAnswer<InetAddress> first = lookup();
        dns.failing(HOST, DnsType.A);
        time.pass(Duration.ofMinutes(10).plusHours(23));

        DnsAnswer<InetAddress> stale = lookup();
        assertThat(stale.records()).isEqualTo(first.records()).isNotEmpty();
        assertThat(stale.ttl()).isEqualTo(Duration.ofSeconds(30));
        lookup();
        assertThat(dns.questions()).as("the next try is half a minute later").hasSize(2);

        time.pass(Duration.ofHours(1));
        assertThat(lookup()).as("after a day it is too old").isInstanceOf(DnsAnswer.Failed.class);
    }

    @Test
    void thatThereIsNoneServesWhileTheDnsFails() {
        dns.answering(HOST, DnsType.A, new DnsAnswer.NoData<>(Duration.ofMinutes(5)));
        lookup();
        dns.failing(HOST, DnsType.A);
        time.pass(Duration.ofHours(1));

        assertThat(lookup()).isInstanceOf(DnsAnswer.NoData.class);
    }

    @Test
    void thatANameDoesNotExistDoesNotServeWhileTheDnsFails() {
        // Mail could be refused for good on the word of yesterday.
        lookup();
        dns.failing(HOST, DnsType.A);
        time.pass(Duration.ofHours(1));

        assertThat(lookup()).isInstanceOf(DnsAnswer.Failed.class);
    }

    @Test
    void manyWhoAskAtOnceShareAQuestion() {
        CompletableFuture<DnsAnswer<InetAddress>> answer = new CompletableFuture<>();
        dns.answering(HOST, DnsType.A, answer);

        var one = cache.lookup(HOST, DnsType.A);
        var other = cache.lookup("MX.example.", DnsType.A);
        assertThat(one).isNotDone();
        answer.complete(ScriptedDns.found(ScriptedDns.addresses("192.0.2.1")));

        assertThat(one.join()).isEqualTo(other.join());
        assertThat(dns.questions()).containsExactly("mx.example A");
    }

    @Test
    void oneWhoGivesUpTakesTheAnswerFromNobodyElse() {
        CompletableFuture<DnsAnswer<InetAddress>> answer = new CompletableFuture<>();
        dns.answering(HOST, DnsType.A, answer);
        var one = cache.lookup(HOST, DnsType.A);
        var other = cache.lookup(HOST, DnsType.A);

        one.cancel(true);
        answer.complete(ScriptedDns.found(ScriptedDns.addresses("192.0.2.1")));

        assertThat(other.join().records()).hasSize(1);
    }

    @Test
    void aResolverThatThrowsHasFailed() {
        dns.answering(HOST, DnsType.A, CompletableFuture.failedFuture(new IllegalStateException("broken")));
        assertThat(lookup()).isInstanceOf(DnsAnswer.Failed.class);

        assertThat(new CachingDns(new Throwing(), time, 10)
                        .lookup(HOST, DnsType.A)
                        .join())
                .isInstanceOf(DnsAnswer.Failed.class);
    }

    @Test
    void itKeepsNoMoreThanItMay() {
        CachingDns small = new CachingDns(dns, time, 10);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 100; i++) {
                small.lookup("host" + i + ".example", DnsType.A).join();
            }
        }

        assertThat(dns.questions()).hasSizeGreaterThanOrEqualTo(190);
    }

    private void found(Duration ttl) {
        dns.answering(HOST, DnsType.A, new DnsAnswer.Found<>(ScriptedDns.addresses("192.0.2.1"), ttl));
    }

    private DnsAnswer<InetAddress> lookup() {
        return cache.lookup(HOST, DnsType.A).join();
    }

    private static final class Throwing implements DnsResolver {

        @Override
        public <T> CompletableFuture<DnsAnswer<T>> lookup(String name, DnsType<T> type) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void close() {}
    }
}
