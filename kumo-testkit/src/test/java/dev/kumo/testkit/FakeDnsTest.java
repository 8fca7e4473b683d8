package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** What another library makes of what a FakeDns says. */
class FakeDnsTest {

    @RegisterExtension
    final FakeDns dns = FakeDns.serving("""
            ; the world
            example.com.           MX     10 mx.example.com.
            example.com      60 IN MX     20 .
            mx.example.com         A      192.0.2.1
            mx.example.com         AAAA   2001:db8::1

            www.example.com        CNAME  Web.example.com
            web.example.com        CNAME  mx.example.com
            loop.example.com       CNAME  loop.example.com
            text.example.com       TXT    "v=STSv1; id=1" two "\\"q\\""
            _25._tcp.mx.example.com TLSA  3 1 1 0123456789abcdef
            odd.example.com        A      \\# 3 010203
            """);

    @Test
    void itAnswersWithRecords() throws Exception {
        assertThat(answers("example.com", Type.MX))
                .isEqualTo("example.com.\t\t300\tIN\tMX\t10 mx.example.com.\nexample.com.\t\t60\tIN\tMX\t20 .");
        assertThat(answers("MX.example.com", Type.A)).isEqualTo("mx.example.com.\t\t300\tIN\tA\t192.0.2.1");
        assertThat(answers("mx.example.com", Type.AAAA)).endsWith("\tAAAA\t2001:db8:0:0:0:0:0:1");
        assertThat(answers("text.example.com", Type.TXT)).endsWith("\tTXT\t\"v=STSv1; id=1\" two \\\"q\\\"");
        assertThat(answers("_25._tcp.mx.example.com", Type.TLSA)).endsWith("\tTLSA\t3 1 1 0123456789ABCDEF");
    }

    @Test
    void itFollowsAliases() throws Exception {
        assertThat(answers("www.example.com", Type.A).lines().map(line -> line.split("\\s+", -1)[3]))
                .containsExactly("CNAME", "CNAME", "A");
        assertThat(answers("www.example.com", Type.CNAME)).endsWith("\tCNAME\tweb.example.com.");
    }

    @Test
    void aLoopOfAliasesHasAnEnd() throws Exception {
        assertThat(ask("loop.example.com", Type.A).getSection(Section.ANSWER)).isNotEmpty();
    }

    @Test
    void itTellsNoneFromNowhere() throws Exception {
        assertThat(ask("mx.example.com", Type.MX).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(ask("com", Type.MX).getRcode())
                .as("there are names below it")
                .isEqualTo(Rcode.NOERROR);
        Message nowhere = ask("nowhere.example", Type.MX);
        assertThat(nowhere.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(nowhere.getSection(Section.AUTHORITY))
                .singleElement()
                .asString()
                .contains("SOA");
    }

    @Test
    void itCanBeIll() throws Exception {
        assertThat(ask("mx.example.com", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
        dns.failing("mx.example.com");
        assertThat(ask("mx.example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        dns.healthy("MX.example.com.");
        assertThat(ask("mx.example.com", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);

        dns.silent("mx.example.com");
        SimpleResolver client = client();
        client.setTimeout(Duration.ofMillis(100));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.send(query("mx.example.com", Type.A)));
    }

    @Test
    void itCanTruncate() throws Exception {
        dns.truncating("mx.example.com");
        SimpleResolver udp = client();
        udp.setIgnoreTruncation(true);

        Message cut = udp.send(query("mx.example.com", Type.A));
        assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(cut.getSection(Section.ANSWER)).isEmpty();
        assertThat(answers("mx.example.com", Type.A)).as("by TCP").endsWith("192.0.2.1");
    }

    @Test
    void whatIsTooLargeForUdpIsTruncated() throws Exception {
        dns.add(IntStream.range(0, 100)
                .mapToObj(i -> "many.example A 192.0.2." + i)
                .collect(Collectors.joining("\n")));
        SimpleResolver udp = client();
        udp.setIgnoreTruncation(true);

        assertThat(udp.send(query("many.example", Type.A)).getHeader().getFlag(Flags.TC))
                .isTrue();
        assertThat(answers("many.example", Type.A).lines()).hasSize(100);
    }

    @Test
    void itRemembersWhatWasAsked() throws Exception {
        ask("Example.com", Type.MX);
        ask("example.com", Type.SRV);

        assertThat(dns.questions()).containsExactly("example.com MX", "example.com TYPE33");
    }

    @Test
    void recordsComeAndGo() throws Exception {
        dns.add("new.example A 192.0.2.7").remove("mx.example.com");

        assertThat(answers("new.example", Type.A)).endsWith("192.0.2.7");
        assertThat(ask("mx.example.com", Type.A).getSection(Section.ANSWER)).isEmpty();
    }

    @Test
    void itBeginsAnewWheneverItStarts() throws Exception {
        dns.add("new.example A 192.0.2.7").failing("example.com");
        dns.close();
        dns.start();

        assertThat(ask("new.example", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(ask("example.com", Type.MX).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(dns.questions()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "example.com MX",
                "example.com MX 10",
                "example.com MX x mx.example.com",
                "example.com MX 65536 mx.example.com",
                "example.com A 2001:db8::1",
                "example.com A 192.0.2",
                "example.com PTR other.example"
            })
    void aLineThatIsNoRecordIsAnErrorThatShowsIt(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeDns.serving(line))
                .withMessageContaining("'" + line + "'");
    }

    @Test
    void oneThatDoesNotRunHasNoAddress() throws Exception {
        assertThatIllegalStateException().isThrownBy(() -> FakeDns.serving("").address());
        assertThatIllegalStateException().isThrownBy(dns::start);
        dns.close();
        dns.close();
    }

    private String answers(String name, int type) throws Exception {
        return ask(name, type).getSection(Section.ANSWER).stream()
                .map(Record::toString)
                .collect(Collectors.joining("\n"));
    }

    private Message ask(String name, int type) throws Exception {
        return client().send(query(name, type));
    }

    private SimpleResolver client() {
        return new SimpleResolver(dns.address());
    }

    private static Message query(String name, int type) throws Exception {
        return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN));
    }
}
