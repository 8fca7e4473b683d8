package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.net.IpLiteral;
import dev.kumo.smtp.client.DnsAnswer;
import dev.kumo.smtp.client.DnsResolver;
import dev.kumo.smtp.client.DnsType;
import dev.kumo.smtp.client.MxRecord;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The resolver over sockets. */
class DnsResolverTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final FakeDns dns = FakeDns.serving("""
            example.com        120  MX    10 mx.example.com
            example.com         60  MX    20 mx2.example.com
            mx.example.com          A     192.0.2.1
            mx.example.com          AAAA  2001:db8::1
            www.example.com     30  CNAME web.example.com
            web.example.com         A     192.0.2.2
            text.example.com        TXT   "v=STSv1;" " id=1"
            loop.example.com        CNAME pool.example.com
            pool.example.com        CNAME loop.example.com
            odd.example.com         A     \\# 3 010203
            oddmx.example.com       MX    \\# 2 0001
            """);

    @RegisterExtension
    final FakeDns other = FakeDns.serving("example.com A 192.0.2.99");

    @Test
    void recordsOfEachTypeAreFound() {
        assertThat(ask("example.com", DnsType.MX))
                .isEqualTo(found(60, List.of(new MxRecord(10, "mx.example.com"), new MxRecord(20, "mx2.example.com"))));
        assertThat(ask("mx.example.com", DnsType.A)).isEqualTo(found(300, List.of(IpLiteral.parse("192.0.2.1"))));
        assertThat(ask("MX.Example.com.", DnsType.AAAA)).isEqualTo(found(300, List.of(IpLiteral.parse("2001:db8::1"))));
        assertThat(ask("www.example.com", DnsType.CNAME)).isEqualTo(found(30, List.of("web.example.com")));
        assertThat(ask("text.example.com", DnsType.TXT)).isEqualTo(found(300, List.of("v=STSv1; id=1")));
    }

    @Test
    void aliasesAreFollowed() {
        assertThat(ask("www.example.com", DnsType.A)).isEqualTo(found(30, List.of(IpLiteral.parse("192.0.2.2"))));
        assertThat(ask("loop.example.com", DnsType.A)).isInstanceOf(DnsAnswer.Failed.class);
    }

    @Test
    void noneAndNowhereAreTold() {
        assertThat(ask("mx.example.com", DnsType.MX)).isEqualTo(new DnsAnswer.NoData<>(Duration.ofMinutes(1)));
        assertThat(ask("www.example.com", DnsType.MX)).isEqualTo(new DnsAnswer.NoData<>(Duration.ofSeconds(30)));
        assertThat(ask("nowhere.example", DnsType.MX)).isEqualTo(new DnsAnswer.NoSuchName<>(Duration.ofMinutes(1)));
    }

    @Test
    void aFailureOfTheServerIsAFailure() {
        dns.failing("example.com");

        assertThat(ask("example.com", DnsType.MX))
                .isEqualTo(new DnsAnswer.Failed<>("ServFail(2) from " + dns.address()));
        assertThat(dns.questions()).hasSize(1);
    }

    @Test
    void aServerThatSaysNothingIsAskedThreeTimes() {
        dns.silent("example.com");

        assertThat(answer(dns.resolver(SHORT), "example.com", DnsType.MX)).isInstanceOf(DnsAnswer.Failed.class);
        assertThat(dns.questions()).hasSizeBetween(2, 3).containsOnly("example.com MX");
    }

    @Test
    void aMalformedRecordIsAFailure() {
        assertThat(ask("odd.example.com", DnsType.A)).isInstanceOf(DnsAnswer.Failed.class);
        assertThat(answer(dns.resolver(SHORT), "oddmx.example.com", DnsType.MX)).isInstanceOf(DnsAnswer.Failed.class);
    }

    @Test
    void aTruncatedAnswerIsAskedForByTcp() {
        dns.truncating("mx.example.com");

        assertThat(ask("mx.example.com", DnsType.A)).isEqualTo(found(300, List.of(IpLiteral.parse("192.0.2.1"))));
        assertThat(dns.questions()).hasSize(2);
    }

    @Test
    void anAnswerTooLargeForUdpComesByTcp() {
        dns.add(IntStream.range(0, 90)
                .mapToObj(i -> "many.example MX " + i + " host" + i + ".many.example")
                .collect(Collectors.joining("\n")));

        assertThat(ask("many.example", DnsType.MX).records())
                .hasSize(90)
                .endsWith(new MxRecord(89, "host89.many.example"));
    }

    @Test
    void theNextServerIsAskedWhenTheFirstFailsOrIsSilent() {
        other.failing("mx.example.com").silent("text.example.com");
        DnsResolver both = DnsResolver.of(List.of(other.address(), dns.address()), Duration.ofMillis(900));

        try (both) {
            assertThat(answer(both, "mx.example.com", DnsType.A).records()).hasSize(1);
            assertThat(answer(both, "text.example.com", DnsType.TXT).records()).hasSize(1);
            assertThat(answer(both, "example.com", DnsType.A).records()).containsExactly(IpLiteral.parse("192.0.2.99"));
        }
    }

    @Test
    void moreQuestionsThanMayBeOpenWaitForOthers() {
        DnsResolver resolver = dns.resolver();
        dns.add(IntStream.range(0, 1_000)
                .mapToObj(i -> "host" + i + ".example A 192.0.2." + i % 256)
                .collect(Collectors.joining("\n")));

        List<CompletableFuture<DnsAnswer<InetAddress>>> answers = IntStream.range(0, 1_000)
                .mapToObj(
                        i -> resolver.lookup("host" + i + ".example", DnsType.A).toCompletableFuture())
                .toList();

        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.get(30, TimeUnit.SECONDS).records()).hasSize(1));
    }

    @Test
    void questionsThatWaitRunOutOfPatienceToo() {
        DnsResolver resolver = dns.resolver(SHORT);
        dns.silent("example.com");

        List<CompletableFuture<DnsAnswer<MxRecord>>> answers = IntStream.range(0, 300)
                .mapToObj(i -> resolver.lookup("example.com", DnsType.MX).toCompletableFuture())
                .toList();

        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.get(30, TimeUnit.SECONDS)).isInstanceOf(DnsAnswer.Failed.class));
    }

    @Test
    void closingEndsOpenQuestions() throws Exception {
        DnsResolver resolver = DnsResolver.of(List.of(dns.address()), Duration.ofMinutes(1));
        dns.silent("example.com");
        List<CompletableFuture<DnsAnswer<MxRecord>>> open = IntStream.range(0, 200)
                .mapToObj(i -> resolver.lookup("example.com", DnsType.MX).toCompletableFuture())
                .toList();

        resolver.close();

        for (CompletableFuture<DnsAnswer<MxRecord>> answer : open) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(new DnsAnswer.Failed<>("the resolver is closed"));
        }
        assertThat(answer(resolver, "example.com", DnsType.MX))
                .isEqualTo(new DnsAnswer.Failed<>("the resolver is closed"));
        resolver.close();
    }

    @Test
    void theServersOfTheSystemNeedNoConfiguration() {
        DnsResolver.system().close();
    }

    @Test
    void aNameServerIsGivenByItsAddress() {
        assertThatIllegalArgumentException().isThrownBy(() -> DnsResolver.of(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DnsResolver.of(List.of(InetSocketAddress.createUnresolved("ns.example", 53))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DnsResolver.of(List.of(dns.address()), Duration.ofHours(1)));
    }

    @Test
    void whatIsNoNameIsAnError() {
        DnsResolver resolver = dns.resolver();
        for (String name : List.of("", "a b", "a..b", ".", "x".repeat(64))) {
            assertThatIllegalArgumentException().isThrownBy(() -> resolver.lookup(name, DnsType.A));
        }
    }

    private <T> DnsAnswer<T> ask(String name, DnsType<T> type) {
        return answer(dns.resolver(), name, type);
    }

    private static <T> DnsAnswer<T> answer(DnsResolver resolver, String name, DnsType<T> type) {
        return resolver.lookup(name, type)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static <T> DnsAnswer<T> found(long ttl, List<T> records) {
        return new DnsAnswer.Found<>(records, Duration.ofSeconds(ttl));
    }
}
