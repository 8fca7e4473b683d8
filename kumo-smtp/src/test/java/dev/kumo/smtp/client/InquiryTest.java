package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.net.IpLiteral;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InquiryTest {

    private static final InetSocketAddress FIRST = server(1);
    private static final InetSocketAddress SECOND = server(2);

    private final Map<InetSocketAddress, Function<String, Object>> servers = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<ByteBuf> buffers = new ArrayList<>();

    @AfterEach
    void everyBufferIsReleased() {
        assertThat(buffers).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }

    @Test
    void theFirstServerIsAskedFirst() {
        servers.put(FIRST, name -> address());

        assertThat(ask(FIRST, SECOND).records()).hasSize(1);
        assertThat(asked).containsExactly("1 a.example.");
    }

    @Test
    void aServerThatFailsIsNotAskedAgain() {
        servers.put(FIRST, name -> DnsResponseCode.SERVFAIL);
        servers.put(SECOND, name -> address());

        assertThat(ask(FIRST, SECOND).records()).hasSize(1);
        assertThat(asked).containsExactly("1 a.example.", "2 a.example.");
    }

    @Test
    void aServerThatIsLateIsAskedAgainAfterTheOthers() {
        servers.put(FIRST, name -> late());
        servers.put(SECOND, name -> late());

        assertThat(ask(FIRST, SECOND)).isEqualTo(new DnsAnswer.Failed<>("no answer from " + FIRST));
        assertThat(asked).containsExactly("1 a.example.", "2 a.example.", "1 a.example.");
    }

    @Test
    void aLoneServerIsAskedThreeTimes() {
        servers.put(FIRST, name -> asked.size() < 3 ? late() : address());

        assertThat(ask(FIRST).records()).hasSize(1);
        assertThat(asked).hasSize(3);
    }

    @Test
    void aServerThatCannotBeReachedIsGivenUp() {
        servers.put(FIRST, name -> new IOException("network is down"));

        assertThat(ask(FIRST)).isEqualTo(new DnsAnswer.Failed<>("cannot ask " + FIRST));
        assertThat(asked).hasSize(1);
    }

    @Test
    void theReasonOfAFailureIsThatOfTheLastServer() {
        servers.put(FIRST, name -> late());
        servers.put(SECOND, name -> DnsResponseCode.REFUSED);

        assertThat(ask(SECOND, FIRST)).isEqualTo(new DnsAnswer.Failed<>("no answer from " + FIRST));
        assertThat(ask(SECOND)).isEqualTo(new DnsAnswer.Failed<>(DnsResponseCode.REFUSED + " from " + SECOND));
    }

    @Test
    void anAliasIsAskedFor() {
        servers.put(FIRST, name -> name.equals("a.example.") ? alias() : address());

        assertThat(ask(FIRST).records()).hasSize(1);
        assertThat(asked).containsExactly("1 a.example.", "1 b.example.");
    }

    @Test
    void withoutServersThereIsNoAnswer() {
        assertThat(ask()).isEqualTo(new DnsAnswer.Failed<>("no name server is known"));
    }

    @Test
    void anAnswerThatComesTooLateIsDropped() {
        Promise<DatagramDnsResponse> promise = ImmediateEventExecutor.INSTANCE.newPromise();
        Inquiry<InetAddress> inquiry =
                new Inquiry<>("a.example", DnsType.A, (server, question) -> promise, () -> List.of(FIRST));
        inquiry.ask();

        inquiry.fail("given up");
        promise.setSuccess(response("a.example.", address()));

        assertThat(inquiry.answer().join()).isEqualTo(new DnsAnswer.Failed<>("given up"));
    }

    private DnsAnswer<InetAddress> ask(InetSocketAddress... order) {
        Inquiry<InetAddress> inquiry = new Inquiry<>("a.example", DnsType.A, this::query, () -> List.of(order));
        inquiry.ask();
        return inquiry.answer().getNow(null);
    }

    private Future<DatagramDnsResponse> query(InetSocketAddress server, DnsQuestion question) {
        asked.add(server.getAddress().getAddress()[3] + " " + question.name());
        Object answer = servers.get(server).apply(question.name());
        return answer instanceof Throwable trouble
                ? ImmediateEventExecutor.INSTANCE.newFailedFuture(trouble)
                : ImmediateEventExecutor.INSTANCE.newSucceededFuture(response(question.name(), answer));
    }

    private DatagramDnsResponse response(String name, Object answer) {
        DatagramDnsResponse response = new DatagramDnsResponse(FIRST, SECOND, 1);
        if (answer instanceof DnsResponseCode code) {
            response.setCode(code);
        } else {
            byte[] data = (byte[]) answer;
            ByteBuf buffer = Unpooled.buffer().writeBytes(data);
            buffers.add(buffer);
            DnsRecordType type = data.length == 4 ? DnsRecordType.A : DnsRecordType.CNAME;
            response.addRecord(DnsSection.ANSWER, new DefaultDnsRawRecord(name, type, 300, buffer));
        }
        return response;
    }

    private static Throwable late() {
        return new DnsNameResolverTimeoutException(
                FIRST, new io.netty.handler.codec.dns.DefaultDnsQuestion("a.example.", DnsRecordType.A), "late");
    }

    private static byte[] address() {
        return new byte[] {(byte) 192, 0, 2, 1};
    }

    private static byte[] alias() {
        return new byte[] {1, 'b', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0};
    }

    private static InetSocketAddress server(int number) {
        return new InetSocketAddress(IpLiteral.parse("192.0.2." + number), 53);
    }
}
