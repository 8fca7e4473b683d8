package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.net.IpLiteral;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 5321 section 5.1: a secondary host of a domain does not send to itself, nor to those behind it. */
class MxSiteTest {

    private static final InetAddress SELF = IpLiteral.parse("192.0.2.2");
    private static final MxHost FIRST = new MxHost("first.example", 10, List.of(IpLiteral.parse("192.0.2.1")));
    private static final MxHost SECOND = new MxHost("second.example", 20, List.of(SELF));
    private static final MxHost EQUAL = new MxHost("equal.example", 20, List.of(IpLiteral.parse("192.0.2.3")));
    private static final MxHost LAST = new MxHost("last.example", 30, List.of(IpLiteral.parse("192.0.2.4")));

    @Test
    void sendsToTheHostsBeforeItselfOnly() throws Exception {
        assertThat(MxSite.before(Set.of(SELF), List.of(FIRST, SECOND, EQUAL, LAST)))
                .containsExactly(FIRST);
    }

    @Test
    void sendsToAllWhereItIsNoneOfThem() throws Exception {
        assertThat(MxSite.before(Set.of(SELF), List.of(FIRST, EQUAL, LAST))).containsExactly(FIRST, EQUAL, LAST);
    }

    @Test
    void refusesMailThatWouldComeBack() {
        assertThatThrownBy(() -> MxSite.before(Set.of(SELF), List.of(SECOND, LAST)))
                .isInstanceOf(UnroutableException.class)
                .hasMessageContaining("554 5.4.6");
    }
}
