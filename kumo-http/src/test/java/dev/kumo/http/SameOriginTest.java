package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.wire.RequestHead;
import dev.kumo.http.wire.RequestHeads;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By what name those are let in whom nothing but their address lets in. */
class SameOriginTest {

    private static final SameOrigin SAME_ORIGIN = new SameOrigin("mail.example.com");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // a browser of the network, to which a name of a stranger was made to lead here
                "192.0.2.7 | TRUSTED       | evil.example     | Sec-Fetch-Site: same-origin  | 421",
                "192.0.2.7 | TRUSTED       | evil.example     | Origin: http://evil.example  | 421",
                "192.0.2.7 | TRUSTED       | evil.example     | Accept-Language: en          | 421",
                "192.0.2.7 | TRUSTED       | evil.example     | User-Agent: Mozilla/5.0 (X)  | 421",
                "192.0.2.7 | AUTHENTICATED | evil.example     | Accept-Language: en          | 421",
                "192.0.2.7 | AUTHENTICATED | evil.example     | Sec-Fetch-Mode: cors         | 421",
                "127.0.0.1 | AUTHENTICATED | evil.example     | Sec-Fetch-Mode: cors         | 421",
                "192.0.2.7 | OPEN          | evil.example     | Sec-Fetch-Site: same-origin  | 200",
                // that browser where it should be
                "192.0.2.7 | TRUSTED       | mail.example.com | Sec-Fetch-Site: same-origin  | 200",
                "192.0.2.7 | TRUSTED       | 192.0.2.1:8000   | Sec-Fetch-Site: same-origin  | 200",
                "192.0.2.7 | AUTHENTICATED | localhost:8000   | Origin: http://localhost:8000 | 200",
                // programs
                "192.0.2.7 | TRUSTED       | mail.internal    | User-Agent: Prometheus/3.1   | 200",
                "192.0.2.7 | AUTHENTICATED | mail.internal    | User-Agent: curl/8.5         | 200",
                "127.0.0.1 | AUTHENTICATED | mail.internal    | User-Agent: curl/8.5         | 200",
                // a proxy of this machine, for anybody
                "127.0.0.1 | TRUSTED       | mail.internal    | User-Agent: curl/8.5         | 421"
            })
    void anAddressAloneLetsABrowserInByAnOwnNameOnly(
            String client, Access access, String host, String header, int status) {
        assertThat(status(client, access, host, header, Optional.empty())).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"192.0.2.7 | AUTHENTICATED", "127.0.0.1 | AUTHENTICATED"})
    void whoHasShownCredentialsIsLetInByAnyName(String client, Access access) {
        assertThat(status(client, access, "mail.internal", "Accept-Language: en", Optional.of("shop")))
                .isEqualTo(200);
    }

    private static int status(String client, Access access, String host, String header, Optional<String> user) {
        String[] field = header.split(": ", 2);
        RequestHead head = RequestHeads.get("/metrics", "Host", host, field[0], field[1]);
        Caller caller =
                new Caller(new InetSocketAddress(client, 50_000), new InetSocketAddress("192.0.2.1", 8000), true, user);
        try {
            SAME_ORIGIN.requireHost(head, access, caller);
            return 200;
        } catch (RefusedException refused) {
            return refused.answer().status();
        }
    }
}
