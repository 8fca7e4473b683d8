package dev.kumo.smtp.client;

import io.netty.channel.AddressedEnvelope;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One question on its way to an answer: from server to server, from alias to alias. Runs on the event loop. */
final class Inquiry<T> {

    /** Sends one question to one server. */
    @FunctionalInterface
    interface Network {
        Future<? extends AddressedEnvelope<? extends DnsResponse, InetSocketAddress>> query(
                InetSocketAddress server, DnsQuestion question);
    }

    private final DnsType<T> type;
    private final Network network;
    private final Supplier<List<InetSocketAddress>> servers;
    private final CompletableFuture<DnsAnswer<T>> answer = new CompletableFuture<>();
    private final Set<InetSocketAddress> refused = new HashSet<>();
    private List<InetSocketAddress> asked = List.of();
    private AnswerReader<T> reader;
    private int tries;
    private String trouble = "no name server is known";

    Inquiry(String name, DnsType<T> type, Network network, Supplier<List<InetSocketAddress>> servers) {
        this.type = type;
        this.network = network;
        this.servers = servers;
        this.reader = new AnswerReader<>(name, type);
    }

    CompletableFuture<DnsAnswer<T>> answer() {
        return answer;
    }

    void fail(String reason) {
        answer.complete(new DnsAnswer.Failed<>(reason));
    }

    void ask() {
        if (answer.isDone()) {
            return;
        }
        if (asked.isEmpty()) {
            asked = servers.get();
        }
        while (tries < NettyDns.TRIES && !asked.isEmpty()) {
            InetSocketAddress server = asked.get(tries++ % asked.size());
            if (!refused.contains(server)) {
                ask(server);
                return;
            }
        }
        fail(trouble);
    }

    private void ask(InetSocketAddress server) {
        var question = new DefaultDnsQuestion(reader.name() + ".", DnsRecordType.valueOf(type.code()));
        var query = network.query(server, question);
        query.addListener(done -> heard(server, query));
    }

    private void heard(
            InetSocketAddress server,
            Future<? extends AddressedEnvelope<? extends DnsResponse, InetSocketAddress>> done) {
        if (!done.isSuccess()) {
            boolean late = done.cause() instanceof DnsNameResolverTimeoutException;
            trouble = (late ? "no answer from " : "cannot ask ") + server;
            if (!late) {
                refused.add(server);
            }
            ask();
            return;
        }
        AnswerReader.Reading<T> reading = read(done.getNow());
        if (reading instanceof AnswerReader.Whole<T> whole) {
            answer.complete(whole.answer());
        } else if (reading instanceof AnswerReader.Alias<T> alias) {
            reader = alias.next();
            tries = 0;
            ask();
        } else if (reading instanceof AnswerReader.Useless<T> useless) {
            trouble = useless.why() + " from " + server;
            refused.add(server);
            ask();
        }
    }

    private AnswerReader.Reading<T> read(AddressedEnvelope<? extends DnsResponse, InetSocketAddress> envelope) {
        try {
            return reader.read(envelope.content());
        } finally {
            envelope.release();
        }
    }
}
