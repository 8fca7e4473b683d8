package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.net.IpLiteral;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsTypeTest {

    @Test
    void anMxHasPreferenceAndHost() {
        assertThat(DnsType.MX.decode(hex("000a 026d78 076578616d706c65 00"))).isEqualTo(new MxRecord(10, "mx.example"));
        assertThat(DnsType.MX.decode(hex("ffff 00"))).isEqualTo(new MxRecord(65_535, "."));
    }

    @Test
    void whatIsNoLetterOfAHostNameIsEscaped() {
        // A dot within a label must not make two labels of it.
        assertThat(DnsType.CNAME.decode(hex("03612e62 025f2d 01ff 00"))).isEqualTo("a\\046b._-.\\255");
    }

    @Test
    void theStringsOfATextAreJoined() {
        assertThat(DnsType.TXT.decode(hex("0161 00 026263"))).isEqualTo("abc");
        assertThat(DnsType.TXT.decode(hex("00"))).isEmpty();
        assertThat(DnsType.TXT.decode(hex("01fc"))).isEqualTo("\u00fc");
    }

    @Test
    void addressesAreOfTheirKind() {
        assertThat(DnsType.A.decode(hex("c0000201"))).isEqualTo(IpLiteral.parse("192.0.2.1"));
        assertThat(DnsType.AAAA.decode(hex("20010db8 00000000 00000000 00000001")))
                .isEqualTo(IpLiteral.parse("2001:db8::1"));
        assertThat(DnsType.AAAA.decode(hex("00000000 00000000 0000ffff c0000201")))
                .isEqualTo(IpLiteral.parse("192.0.2.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "000a", "000a 02 6d", "000a 026d78", "000a 00 00", "000a c00c", "000a 40 00"})
    void aMalformedMxIsRefused(String rdata) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DnsType.MX.decode(hex(rdata)))
                .withMessageStartingWith("the data of a record of type MX ");
    }

    @Test
    void aNameOfMoreThan255OctetsIsRefused() {
        byte[] label = hex("3f" + "61".repeat(63));
        byte[] longest = join(label, label, label, hex("3d" + "61".repeat(61)), hex("00"));
        byte[] tooLong = join(label, label, label, hex("3e" + "61".repeat(62)), hex("00"));

        assertThat(DnsType.CNAME.decode(longest)).hasSize(253);
        assertThatIllegalArgumentException().isThrownBy(() -> DnsType.CNAME.decode(tooLong));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "05 61", "00 02 61"})
    void aMalformedTextIsRefused(String rdata) {
        assertThatIllegalArgumentException().isThrownBy(() -> DnsType.TXT.decode(hex(rdata)));
    }

    @Test
    void anAddressOfAnotherLengthIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> DnsType.A.decode(hex("c00002")));
        assertThatIllegalArgumentException().isThrownBy(() -> DnsType.AAAA.decode(hex("c0000201")));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyHostNameIsReadBack(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            StringBuilder name = new StringBuilder();
            ByteArrayOutputStream rdata = new ByteArrayOutputStream();
            int preference = random.nextInt(65_536);
            rdata.write(preference >> 8);
            rdata.write(preference);
            for (int labels = 1 + random.nextInt(3); labels > 0; labels--) {
                String label = random.ints(1 + random.nextInt(63), 0, 38)
                        .mapToObj(c -> String.valueOf("abcdefghijklmnopqrstuvwxyz0123456789-_".charAt(c)))
                        .reduce("", String::concat);
                rdata.write(label.length());
                rdata.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
                name.append(name.isEmpty() ? "" : ".").append(label);
            }
            rdata.write(0);

            assertThat(DnsType.MX.decode(rdata.toByteArray())).isEqualTo(new MxRecord(preference, name.toString()));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void junkIsARecordOrRefused(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 3_000; i++) {
            byte[] junk = new byte[random.nextInt(24)];
            for (int at = 0; at < junk.length; at++) {
                junk[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(6));
            }
            for (DnsType<?> type : List.of(DnsType.MX, DnsType.CNAME, DnsType.TXT, DnsType.A, DnsType.AAAA)) {
                try {
                    Object value = type.decode(junk);
                    if (value instanceof MxRecord mx) {
                        assertThat(mx.host()).matches("\\.|[A-Za-z0-9_.\\\\-]+");
                    }
                } catch (IllegalArgumentException refused) {
                    assertThat(refused).hasMessageContaining("of type " + type);
                }
            }
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
