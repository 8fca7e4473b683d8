package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.net.IpLiteral;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {

    private final DnsResponse response = new DefaultDnsResponse(1);

    @Test
    void recordsOfTheNameAreTheAnswer() {
        a("www.example.com.", 300, 1);
        a("WWW.example.com.", 200, 2);
        a("other.example.com.", 100, 3);

        assertThat(read("www.example.com")).isEqualTo(found(200, 1, 2));
    }

    @Test
    void aliasesAreFollowedInWhateverOrderTheyCome() {
        a("c.example.", 300, 1);
        cname("b.example.", 50, "c.example");
        cname("a.example.", 100, "B.example");

        assertThat(read("a.example")).isEqualTo(found(50, 1));
    }

    @Test
    void aQuestionForAnAliasIsAnsweredByIt() {
        cname("a.example.", 100, "b.example");

        assertThat(new AnswerReader<>("a.example", DnsType.CNAME).read(response))
                .isEqualTo(
                        new AnswerReader.Whole<>(new DnsAnswer.Found<>(List.of("b.example"), Duration.ofSeconds(100))));
    }

    @Test
    void anAliasWhoseEndIsElsewhereIsAskedAbout() {
        cname("a.example.", 100, "b.example");

        var alias = (AnswerReader.Alias<InetAddress>) reader("a.example").read(response);

        assertThat(alias.next().name()).isEqualTo("b.example");
        DnsResponse second = new DefaultDnsResponse(2);
        add(second, DnsSection.ANSWER, "b.example.", DnsRecordType.A, 300, new byte[] {(byte) 192, 0, 2, 1});
        assertThat(alias.next().read(second)).as("with the TTL of the alias").isEqualTo(found(100, 1));
    }

    @Test
    void aLoopOfAliasesIsAFailure() {
        cname("a.example.", 100, "b.example");
        cname("b.example.", 100, "a.example");

        assertThat(answer(read("a.example"))).isInstanceOf(DnsAnswer.Failed.class);
    }

    @Test
    void aLoopOverSeveralResponsesIsAFailure() {
        cname("a.example.", 100, "b.example");
        var alias = (AnswerReader.Alias<InetAddress>) reader("a.example").read(response);
        DnsResponse second = new DefaultDnsResponse(2);
        add(second, DnsSection.ANSWER, "b.example.", DnsRecordType.CNAME, 100, name("a.example"));
        var back = (AnswerReader.Alias<InetAddress>) alias.next().read(second);

        assertThat(answer(back.next().read(response))).isInstanceOf(DnsAnswer.Failed.class);
    }

    @Test
    void eightAliasesAreFollowedAndNotNine() {
        for (int i = 0; i < 8; i++) {
            cname("n" + i + ".example.", 100, "n" + (i + 1) + ".example");
        }
        a("n8.example.", 100, 1);
        assertThat(read("n0.example")).isEqualTo(found(100, 1));

        cname("start.example.", 100, "n0.example");
        assertThat(answer(read("start.example"))).isInstanceOf(DnsAnswer.Failed.class);
    }

    @Test
    void noneHoldsForTheLesserOfTheTtlAndTheMinimum() {
        soa(60, 900);
        assertThat(read("a.example")).isEqualTo(whole(new DnsAnswer.NoData<>(Duration.ofSeconds(60))));

        response.clear();
        soa(900, 30);
        response.setCode(DnsResponseCode.NXDOMAIN);
        assertThat(read("a.example")).isEqualTo(whole(new DnsAnswer.NoSuchName<>(Duration.ofSeconds(30))));
    }

    @Test
    void noneWithoutSoaHoldsForFiveMinutes() {
        assertThat(read("a.example")).isEqualTo(whole(new DnsAnswer.NoData<>(Duration.ofMinutes(5))));
    }

    @Test
    void aReferralIsNoAnswer() {
        // Taken for "no MX", it would send mail to the web server.
        add(response, DnsSection.AUTHORITY, "example.", DnsRecordType.NS, 300, name("ns.example"));

        assertThat(read("a.example")).isInstanceOf(AnswerReader.Useless.class);
    }

    @Test
    void aServerThatFailsOrRefusesIsNoAnswer() {
        for (DnsResponseCode code : List.of(
                DnsResponseCode.SERVFAIL, DnsResponseCode.REFUSED, DnsResponseCode.FORMERR, DnsResponseCode.NOTIMP)) {
            response.setCode(code);
            assertThat(read("a.example")).isEqualTo(new AnswerReader.Useless<>(code.toString()));
        }
    }

    @Test
    void aTruncatedAnswerIsNoAnswer() {
        a("a.example.", 300, 1);
        response.setTruncated(true);

        assertThat(read("a.example")).isInstanceOf(AnswerReader.Useless.class);
    }

    @Test
    void aMalformedRecordSpoilsTheAnswer() {
        add(response, DnsSection.ANSWER, "a.example.", DnsRecordType.A, 300, new byte[] {1, 2, 3});

        assertThat(read("a.example")).isInstanceOf(AnswerReader.Useless.class);
    }

    @Test
    void anAliasToWhatIsNoNameSpoilsTheAnswer() {
        add(response, DnsSection.ANSWER, "a.example.", DnsRecordType.CNAME, 300, new byte[] {1, ' ', 0});

        assertThat(read("a.example")).isInstanceOf(AnswerReader.Useless.class);
    }

    @Test
    void aTtlWithItsFirstBitSetIsZero() {
        a("a.example.", 0x8000_0000L, 1);

        assertThat(read("a.example")).isEqualTo(found(0, 1));
    }

    @Test
    void aHundredRecordsAreReadAndNoMore() {
        for (int i = 0; i < 250; i++) {
            a("a.example.", 300, i);
        }

        assertThat(answer(read("a.example")).records()).hasSize(100);
    }

    @Test
    void recordsOfAnotherClassAreNone() {
        response.addRecord(
                DnsSection.ANSWER,
                new DefaultDnsRawRecord(
                        "a.example.", DnsRecordType.A, 3, 300, Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4})));

        assertThat(answer(read("a.example"))).isInstanceOf(DnsAnswer.NoData.class);
    }

    private static AnswerReader<InetAddress> reader(String name) {
        return new AnswerReader<>(name, DnsType.A);
    }

    private AnswerReader.Reading<InetAddress> read(String name) {
        return reader(name).read(response);
    }

    private static DnsAnswer<InetAddress> answer(AnswerReader.Reading<InetAddress> reading) {
        return ((AnswerReader.Whole<InetAddress>) reading).answer();
    }

    private static AnswerReader.Whole<InetAddress> whole(DnsAnswer<InetAddress> answer) {
        return new AnswerReader.Whole<>(answer);
    }

    private static AnswerReader.Whole<InetAddress> found(long ttl, int... hosts) {
        List<InetAddress> addresses = java.util.Arrays.stream(hosts)
                .mapToObj(host -> IpLiteral.parse("192.0.2." + host))
                .toList();
        return whole(new DnsAnswer.Found<>(addresses, Duration.ofSeconds(ttl)));
    }

    private void a(String name, long ttl, int host) {
        add(response, DnsSection.ANSWER, name, DnsRecordType.A, ttl, new byte[] {(byte) 192, 0, 2, (byte) host});
    }

    private void cname(String name, long ttl, String target) {
        add(response, DnsSection.ANSWER, name, DnsRecordType.CNAME, ttl, name(target));
    }

    private void soa(long ttl, int minimum) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(new byte[2 + 16]);
        data.writeBytes(java.nio.ByteBuffer.allocate(4).putInt(minimum).array());
        add(response, DnsSection.AUTHORITY, "example.", DnsRecordType.SOA, ttl, data.toByteArray());
    }

    private static void add(
            DnsResponse to, DnsSection section, String name, DnsRecordType type, long ttl, byte[] data) {
        to.addRecord(section, new DefaultDnsRawRecord(name, type, ttl, Unpooled.wrappedBuffer(data)));
    }

    private static byte[] name(String name) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            octets.write(label.length());
            octets.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        octets.write(0);
        return octets.toByteArray();
    }
}
