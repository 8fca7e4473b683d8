package dev.kumo.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {

    private static byte[] packed(Message message) {
        Packer packer = new Packer();
        MessageCodec.pack(message, packer);
        return Arrays.copyOf(packer.array(), packer.size());
    }

    private static Message unpacked(byte[] bytes) throws IOException {
        return MessageCodec.unpack(TestMail.id(1), ByteBuffer.wrap(bytes), Content.of(new byte[0]));
    }

    static Stream<Object> values() {
        return Stream.of(
                "",
                "\0 ünï \uD83D\uDE00",
                true,
                false,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                -0.0,
                Double.MIN_VALUE,
                1.5f,
                (short) -3,
                (byte) -4,
                BigInteger.TWO.pow(200),
                new BigDecimal("1E-40"),
                List.of(),
                Map.of(),
                List.of("a", List.of(Map.of("k", List.of(1L)))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void keepsMetaDataOfEveryKind(Object value) throws IOException {
        Message message = TestMail.message(1);
        message.meta().put("x", value);

        assertThat(unpacked(packed(message)).meta().get("x")).contains(value);
    }

    @Test
    void aNumberOfAnotherKindKeepsItsValue() throws IOException {
        Message message = TestMail.message(1);
        message.meta().put("x", new AtomicLong(77));

        assertThat(unpacked(packed(message)).meta().get("x")).contains(new BigDecimal(77));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, -1})
    void keepsCounts(int count) {
        Packer packer = new Packer().count(count);

        assertThat(new Unpacker(ByteBuffer.wrap(packer.array())).count()).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "", "folded\r\n\tand\r\n again", "größer"})
    void keepsHeaderFieldsInTheirOrder(String value) throws IOException {
        Message message = TestMail.message(1, Content.of(new byte[0]));
        message.prependHeader("A", value);
        message.prependHeader("B", "2");
        message.prependHeader("C", value);

        ByteArrayOutputStream before = new ByteArrayOutputStream();
        message.writeTo(before);
        ByteArrayOutputStream after = new ByteArrayOutputStream();
        unpacked(packed(message)).writeTo(after);
        assertThat(after.toByteArray()).isEqualTo(before.toByteArray());
    }

    @Test
    void whateverItReadsItFailsByAnIoException() {
        Message message = TestMail.message(1);
        message.meta().put("x", List.of(1, "two", Map.of("three", 3.0)));
        message.prependHeader("X", "1");
        byte[] whole = packed(message);
        SplittableRandom random = new SplittableRandom(1);
        int failed = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(2) == 0 ? whole.length : random.nextInt(whole.length));
            for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                unpacked(damaged);
                MessageCodec.unpackStored(TestMail.id(1), ByteBuffer.wrap(damaged));
            } catch (IOException e) {
                failed++;
            }
        }

        assertThat(failed).isGreaterThan(10_000);
    }
}
