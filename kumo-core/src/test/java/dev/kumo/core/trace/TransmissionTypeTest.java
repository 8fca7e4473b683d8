package dev.kumo.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransmissionTypeTest {

    @ParameterizedTest
    @CsvSource({
        // EHLO, TLS, authenticated, SMTPUTF8
        "false, false, false, false, SMTP",
        "false, true,  true,  true,  SMTP",
        "true,  false, false, false, ESMTP",
        "true,  false, true,  false, ESMTPA",
        "true,  true,  false, false, ESMTPS",
        "true,  true,  true,  false, ESMTPSA",
        "true,  false, false, true,  UTF8SMTP",
        "true,  false, true,  true,  UTF8SMTPA",
        "true,  true,  false, true,  UTF8SMTPS",
        "true,  true,  true,  true,  UTF8SMTPSA",
    })
    void fitsTheFacts(boolean extended, boolean tls, boolean authenticated, boolean utf8, TransmissionType type) {
        assertThat(TransmissionType.of(extended, tls, authenticated, utf8)).isEqualTo(type);
        assertThat(type.isUtf8()).isEqualTo(extended && utf8);
    }
}
