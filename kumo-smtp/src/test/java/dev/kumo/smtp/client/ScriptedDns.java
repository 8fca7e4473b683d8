package dev.kumo.smtp.client;

import dev.kumo.core.net.IpLiteral;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** A DNS of a few answers. A name without any does not exist. */
final class ScriptedDns implements DnsResolver {

    static final Duration TTL = Duration.ofMinutes(10);

    private final Map<String, CompletionStage<?>> answers = new HashMap<>();
    private final List<String> questions = new ArrayList<>();

    ScriptedDns mx(String domain, Object... preferencesAndHosts) {
        List<MxRecord> records = new ArrayList<>();
        for (int i = 0; i < preferencesAndHosts.length; i += 2) {
            records.add(new MxRecord((Integer) preferencesAndHosts[i], (String) preferencesAndHosts[i + 1]));
        }
        return answering(domain, DnsType.MX, found(records));
    }

    ScriptedDns a(String host, String... addresses) {
        return answering(host, DnsType.A, found(addresses(addresses)));
    }

    ScriptedDns aaaa(String host, String... addresses) {
        return answering(host, DnsType.AAAA, found(addresses(addresses)));
    }

    ScriptedDns txt(String name, String... texts) {
        return answering(name, DnsType.TXT, found(List.of(texts)));
    }

    static List<InetAddress> addresses(String... addresses) {
        return Stream.of(addresses).map(IpLiteral::parse).toList();
    }

    static <T> DnsAnswer<T> found(List<T> records) {
        return new DnsAnswer.Found<>(records, TTL);
    }

    <T> ScriptedDns failing(String name, DnsType<T> type) {
        return answering(name, type, new DnsAnswer.Failed<>("scripted"));
    }

    <T> ScriptedDns answering(String name, DnsType<T> type, DnsAnswer<T> answer) {
        return answering(name, type, CompletableFuture.completedFuture(answer));
    }

    synchronized <T> ScriptedDns answering(String name, DnsType<T> type, CompletionStage<DnsAnswer<T>> answer) {
        answers.put(name + " " + type, answer);
        return this;
    }

    synchronized List<String> questions() {
        return List.copyOf(questions);
    }

    @Override
    @SuppressWarnings("unchecked")
    public synchronized <T> CompletionStage<DnsAnswer<T>> lookup(String name, DnsType<T> type) {
        questions.add(name + " " + type);
        CompletionStage<?> answer = answers.get(name + " " + type);
        if (answer != null) {
            return (CompletionStage<DnsAnswer<T>>) answer;
        }
        boolean exists = answers.keySet().stream().anyMatch(question -> question.startsWith(name + " "));
        return CompletableFuture.completedFuture(
                exists ? new DnsAnswer.NoData<>(TTL) : new DnsAnswer.NoSuchName<>(TTL));
    }

    @Override
    public void close() {}
}
