package dev.kumo.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.net.IpLiteral;
import org.junit.jupiter.api.Test;

class CrowdTest {

    private final Crowd crowd = new Crowd(2);

    private boolean enters(String address) {
        return crowd.enter(IpLiteral.parse(address));
    }

    @Test
    void oneAddressHasOnlySoMuchRoom() {
        assertThat(enters("192.0.2.1")).isTrue();
        assertThat(enters("192.0.2.1")).isTrue();
        assertThat(enters("192.0.2.1")).isFalse();
        assertThat(enters("192.0.2.2")).isTrue();
    }

    @Test
    void addressesOfOneNetworkOfIpv6AreOne() {
        assertThat(enters("2001:db8::1")).isTrue();
        assertThat(enters("2001:db8::2")).isTrue();
        assertThat(enters("2001:db8::3")).isFalse();
        assertThat(enters("2001:db8:0:1::3")).isTrue();
    }

    @Test
    void whoLeavesMakesRoomAndLeavesNothingBehind() {
        enters("192.0.2.1");
        enters("192.0.2.1");
        crowd.leave(IpLiteral.parse("192.0.2.1"));

        assertThat(enters("192.0.2.1")).isTrue();

        crowd.leave(IpLiteral.parse("192.0.2.1"));
        crowd.leave(IpLiteral.parse("192.0.2.1"));
        assertThat(crowd.places()).isZero();
    }
}
