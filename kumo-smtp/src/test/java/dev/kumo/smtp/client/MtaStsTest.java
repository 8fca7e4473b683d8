package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MtaStsTest {

    private final SettableTime time = new SettableTime();
    private final ScriptedDns dns = new ScriptedDns();
    private final List<String> fetched = new ArrayList<>();
    private MtaStsSource source = domain -> policy("mx.example.com", Duration.ofDays(7));
    private final MtaSts sts = MtaSts.builder(dns)
            .time(time)
            .source(domain -> {
                synchronized (fetched) {
                    fetched.add(domain);
                }
                return source.fetch(domain);
            })
            .build();

    @Test
    void aDomainThatAnnouncesAPolicyHasIt() {
        announce("1");

        assertThat(sts.policyFor("Example.COM").mx()).containsExactly("mx.example.com");
        assertThat(fetched).containsExactly("example.com");
    }

    @Test
    void aDomainThatAnnouncesNoneIsNotAskedForOne() {
        assertThat(sts.policyFor("example.com")).isEqualTo(MtaStsPolicy.NONE);
        assertThat(sts.policyFor("[192.0.2.1]")).isEqualTo(MtaStsPolicy.NONE);
        assertThat(sts.policyFor("a.".repeat(120) + "example"))
                .as("for the name to ask there is no room")
                .isEqualTo(MtaStsPolicy.NONE);
        assertThat(fetched).isEmpty();
    }

    @Test
    void aPolicyIsKeptWhileItsIdIsTheSame() {
        announce("1");
        sts.policyFor("example.com");
        time.pass(Duration.ofHours(23));
        sts.policyFor("example.com");

        assertThat(fetched).hasSize(1);
    }

    @Test
    void aNewIdBringsTheNewPolicy() {
        announce("1");
        sts.policyFor("example.com");
        source = domain -> policy("new.example.com", Duration.ofDays(7));
        announce("2");
        time.pass(Duration.ofMinutes(10));

        assertThat(sts.policyFor("example.com").mx()).containsExactly("new.example.com");
    }

    @Test
    void aPolicyIsRenewedAfterADay() {
        announce("1");
        sts.policyFor("example.com");
        source = domain -> policy("new.example.com", Duration.ofDays(7));
        time.pass(Duration.ofDays(1));

        assertThat(sts.policyFor("example.com").mx()).containsExactly("new.example.com");
    }

    @Test
    void aPolicyThatCannotBeRenewedStaysUntilItsEnd() {
        announce("1");
        sts.policyFor("example.com");
        source = domain -> {
            throw new IOException("scripted");
        };
        announce("2");
        time.pass(Duration.ofDays(7).minusSeconds(1));
        assertThat(sts.policyFor("example.com").mx()).containsExactly("mx.example.com");

        time.pass(Duration.ofSeconds(1));
        assertThat(sts.policyFor("example.com")).isEqualTo(MtaStsPolicy.NONE);
    }

    @Test
    void aPolicyOutlivesItsAnnouncement() {
        announce("1");
        sts.policyFor("example.com");
        dns.answering("_mta-sts.example.com", DnsType.TXT, new DnsAnswer.NoSuchName<>(Duration.ZERO));
        time.pass(Duration.ofDays(6));

        assertThat(sts.policyFor("example.com").mx()).containsExactly("mx.example.com");
    }

    @Test
    void aPolicyOutlivesTheDns() {
        announce("1");
        sts.policyFor("example.com");
        dns.failing("_mta-sts.example.com", DnsType.TXT);
        time.pass(Duration.ofDays(6));

        assertThat(sts.policyFor("example.com").mx()).containsExactly("mx.example.com");
    }

    @Test
    void aFailedAttemptIsNotRepeatedForFiveMinutesUnlessTheIdChanges() {
        source = domain -> "<html>";
        announce("1");
        assertThat(sts.policyFor("example.com")).isEqualTo(MtaStsPolicy.NONE);
        time.pass(Duration.ofMinutes(4));
        sts.policyFor("example.com");
        assertThat(fetched).hasSize(1);

        time.pass(Duration.ofMinutes(1));
        sts.policyFor("example.com");
        assertThat(fetched).hasSize(2);

        announce("2");
        time.pass(Duration.ofSeconds(30));
        sts.policyFor("example.com");
        assertThat(fetched).hasSize(3);
    }

    @Test
    void aPolicyThatIsTakenBackEnds() {
        announce("1");
        sts.policyFor("example.com");
        source = domain -> "version: STSv1\nmode: none\nmax_age: 86400";
        announce("2");
        time.pass(Duration.ofMinutes(10));

        assertThat(sts.policyFor("example.com").mode()).isEqualTo(MtaStsPolicy.Mode.NONE);
    }

    @Test
    void manyWhoAskAtOnceWaitForOneFetch() throws Exception {
        announce("1");
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        source = domain -> {
            fetching.countDown();
            answered.await();
            return policy("mx.example.com", Duration.ofDays(7));
        };
        var first = CompletableFuture.supplyAsync(() -> sts.policyFor("example.com"), task -> new Thread(task).start());
        fetching.await();
        var second =
                CompletableFuture.supplyAsync(() -> sts.policyFor("example.com"), task -> new Thread(task).start());
        answered.countDown();

        assertThat(second.get()).isEqualTo(first.get()).isNotEqualTo(MtaStsPolicy.NONE);
        assertThat(fetched).hasSize(1);
    }

    @Test
    void whileOneRenewsThePolicyItServesTheOthers() throws Exception {
        announce("1");
        sts.policyFor("example.com");
        time.pass(Duration.ofDays(1));
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        source = domain -> {
            fetching.countDown();
            answered.await();
            return policy("new.example.com", Duration.ofDays(7));
        };
        var renewing =
                CompletableFuture.supplyAsync(() -> sts.policyFor("example.com"), task -> new Thread(task).start());
        fetching.await();

        assertThat(sts.policyFor("example.com").mx()).containsExactly("mx.example.com");

        answered.countDown();
        assertThat(renewing.get().mx()).containsExactly("new.example.com");
    }

    @Test
    void anInterruptedThreadStaysInterruptedAndFailsNothing() {
        announce("1");
        source = domain -> {
            throw new InterruptedException();
        };
        assertThat(sts.policyFor("example.com")).isEqualTo(MtaStsPolicy.NONE);
        assertThat(Thread.interrupted()).isTrue();

        source = domain -> policy("mx.example.com", Duration.ofDays(7));
        assertThat(sts.policyFor("example.com").mx()).isNotEmpty();
    }

    private void announce(String id) {
        dns.answering(
                "_mta-sts.example.com",
                DnsType.TXT,
                new DnsAnswer.Found<>(List.of("v=STSv1; id=" + id), Duration.ofSeconds(30)));
    }

    private static String policy(String mx, Duration maxAge) {
        return "version: STSv1\nmode: enforce\nmx: " + mx + "\nmax_age: " + maxAge.toSeconds();
    }
}
