package dev.kumo.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.net.CidrSet;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class DomainOptionsTest {

    @Test
    void theDefaultsAllowNothing() {
        assertThat(DomainOptions.builder().build())
                .isEqualTo(new DomainOptions(false, CidrSet.EMPTY, ReportDisposition.IGNORE, ReportDisposition.IGNORE));
    }

    @Test
    void trueMeansLog() {
        DomainOptions options =
                DomainOptions.builder().logOob(true).logArf(true).build();

        assertThat(options.logOob()).isEqualTo(ReportDisposition.LOG);
        assertThat(options.logArf()).isEqualTo(ReportDisposition.LOG);
    }

    @Test
    void falseMeansIgnore() {
        DomainOptions options = DomainOptions.builder()
                .logOob(ReportDisposition.LOG_THEN_DROP)
                .logOob(false)
                .logArf(ReportDisposition.LOG_THEN_RELAY)
                .logArf(false)
                .build();

        assertThat(options.logOob()).isEqualTo(ReportDisposition.IGNORE);
        assertThat(options.logArf()).isEqualTo(ReportDisposition.IGNORE);
    }

    @Test
    void oobAndArfAreSetApart() {
        DomainOptions options = DomainOptions.builder()
                .logOob(ReportDisposition.LOG_THEN_DROP)
                .logArf(ReportDisposition.LOG_THEN_RELAY)
                .build();

        assertThat(options.logOob()).isEqualTo(ReportDisposition.LOG_THEN_DROP);
        assertThat(options.logArf()).isEqualTo(ReportDisposition.LOG_THEN_RELAY);
    }

    @Test
    void clientsAreReadInEachForm() throws Exception {
        InetAddress client = InetAddress.getByName("192.0.2.1");

        assertThat(DomainOptions.builder()
                        .relayFrom("192.0.2.1")
                        .build()
                        .relayFrom()
                        .contains(client))
                .isTrue();
        assertThat(DomainOptions.builder()
                        .relayFrom(List.of("192.0.2.1"))
                        .build()
                        .relayFrom()
                        .contains(client))
                .isTrue();
        assertThat(DomainOptions.builder()
                        .relayFrom(CidrSet.of("192.0.2.1"))
                        .build()
                        .relayFrom()
                        .contains(client))
                .isTrue();
        assertThat(DomainOptions.builder()
                        .relayFrom("192.0.2.2")
                        .build()
                        .relayFrom()
                        .contains(client))
                .isFalse();
    }

    @Test
    void aCopyThroughTheBuilderIsEqual() {
        DomainOptions options = DomainOptions.builder()
                .relayTo(true)
                .relayFrom("192.0.2.1")
                .logOob(ReportDisposition.LOG_THEN_DROP)
                .logArf(ReportDisposition.LOG_THEN_RELAY)
                .build();

        assertThat(options.toBuilder().build()).isEqualTo(options);
        assertThat(options.toBuilder().relayTo(false).build()).isNotEqualTo(options);
    }
}
