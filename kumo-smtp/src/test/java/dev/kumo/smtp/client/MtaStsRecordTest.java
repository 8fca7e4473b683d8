package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MtaStsRecordTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=STSv1; id=20160831085700Z;",
                "v=STSv1;id=20160831085700Z",
                "v=STSv1 ;\tid=20160831085700Z ; ",
                "v=STSv1; future=x:/y; id=20160831085700Z; id=other"
            })
    void aRecordSaysAnId(String record) {
        assertThat(MtaStsRecord.id(List.of(record))).contains("20160831085700Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v=STSv1",
                "v=STSv1;",
                "v=STSv2; id=1",
                "v=stsv1; id=1",
                "id=1; v=STSv1",
                " v=STSv1; id=1",
                "v=STSv1; id=",
                "v=STSv1; id=1-2",
                "v=STSv1; id=123456789012345678901234567890123",
                "v=STSv1; id=1; junk",
                "v=STSv1;; id=1",
                "v=STSv1; id=1; \u00fc=x"
            })
    void anythingElseSaysNothing(String record) {
        assertThat(MtaStsRecord.id(List.of(record))).isEmpty();
    }

    @Test
    void recordsOfOtherKindsDoNotMatter() {
        assertThat(MtaStsRecord.id(List.of("v=spf1 -all", "v=STSv1; id=1"))).contains("1");
    }

    @Test
    void twoRecordsSayNothing() {
        assertThat(MtaStsRecord.id(List.of("v=STSv1; id=1", "v=STSv1; id=1"))).isEmpty();
    }
}
