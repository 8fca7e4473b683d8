package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.smtp.client.DnsAnswer;
import dev.kumo.smtp.client.DnsResolver;
import dev.kumo.smtp.client.DnsType;
import dev.kumo.testkit.FakeDns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions of scripts to the DNS. */
@Timeout(60)
class DnsFunctionsTest {

    @RegisterExtension
    final FakeDns dns = FakeDns.serving("""
            example.com                 MX   20 b.example.com
            example.com                 MX   10 A.example.com
            example.com                 TXT  "v=spf1 -all"
            a.example.com               A    192.0.2.1
            a.example.com               AAAA 2001:db8::1
            2.0.0.127.list.example      A    127.0.0.2
            2.0.0.127.list.example      TXT  "for tests"
            """);

    @TempDir
    Path folder;

    private void run(String script) {
        try (DnsResolver resolver = dns.resolver()) {
            LuaPolicyFile.builder(Policies.write(folder, script))
                    .dns(resolver)
                    .load()
                    .close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local a = kumo.dns.lookup_addr 'a.example.com' assert(#a == 2 and a[1] == '192.0.2.1' and a[2] == '2001:db8::1')",
                "assert(#kumo.dns.lookup_addr 'example.com' == 0)",
                "assert(kumo.dns.lookup_txt('example.com')[1] == 'v=spf1 -all')",
                "local mx = kumo.dns.lookup_mx 'example.com' assert(mx.is_mx and mx.domain_name == 'example.com.'"
                        + " and mx.hosts[1] == 'a.example.com.' and mx.by_pref[20][1] == 'b.example.com.')",
                "local mx = kumo.dns.lookup_mx 'a.example.com' assert(not mx.is_mx and mx.hosts[1] == 'a.example.com.')",
                "local ip, why = kumo.dns.rbl_lookup('127.0.0.2:2525', 'list.example') assert(ip == '127.0.0.2' and why == 'for tests')",
                "local ip, why = kumo.dns.rbl_lookup('127.0.0.3', 'list.example') assert(ip == nil and why == nil)",
                "assert(kumo.dns.reverse_ip '127.0.0.1' == '1.0.0.127')",
                "assert(kumo.dns.ptr_host '127.0.0.1' == '1.0.0.127.in-addr.arpa')",
                "assert(kumo.dns.ptr_host '::1' == '1.' .. ('0.'):rep(31) .. 'ip6.arpa')",
            })
    void answers(String script) {
        assertThatCode(() -> run(script)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            kumo.dns.lookup_addr 'none.example' | kumo.dns.lookup_addr 'none.example': there is no such name
            kumo.dns.lookup_mx '..' | not a domain name: '.'
            kumo.dns.lookup_mx('example.com', 'other') | kumo.dns.lookup_mx: there is one resolver here
            kumo.dns.rbl_lookup('nowhere', 'list.example') |
            """)
    void saysTheLineOfWhatGoesWrong(String script, String message) {
        assertThatThrownBy(() -> run("\n" + script))
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith("policy.lua:2: ")
                .hasMessageContaining(message == null ? "nowhere" : message.strip());
    }

    @Test
    void troubleIsNoAnswer() {
        dns.failing("example.com");

        assertThatThrownBy(() -> run("\nkumo.dns.lookup_txt 'example.com'"))
                .hasMessageStartingWith("policy.lua:2: kumo.dns.lookup_txt 'example.com': ");
    }

    /** Asks again and again. */
    private static final String PERSISTENT = "while true do pcall(kumo.dns.lookup_txt, 'a.example') end";

    private AtomicInteger asked(Supplier<CompletionStage<?>> answer, Class<? extends Throwable> end) {
        AtomicInteger questions = new AtomicInteger();
        DnsResolver resolver = new DnsResolver() {
            @Override
            @SuppressWarnings("unchecked") // it gives no record
            public <T> CompletionStage<DnsAnswer<T>> lookup(String name, DnsType<T> type) {
                questions.incrementAndGet();
                return (CompletionStage<DnsAnswer<T>>) answer.get();
            }

            @Override
            public void close() {}
        };
        assertThatThrownBy(() -> LuaPolicyFile.builder(Policies.write(folder, PERSISTENT))
                        .dns(resolver)
                        .callTime(Duration.ofMillis(100))
                        .load())
                .isInstanceOf(end);
        return questions;
    }

    @Test
    void waitsNoLongerThanTheCallMayTake() {
        assertThat(asked(CompletableFuture::new, LuaPolicyException.class)).hasValue(1);
    }

    @Test
    void wantOfMemoryEndsTheCallThoughItIsCaught() {
        assertThat(asked(
                        () -> {
                            throw new OutOfMemoryError("in a test");
                        },
                        OutOfMemoryError.class))
                .hasValue(1);
    }
}
