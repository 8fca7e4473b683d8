package dev.kumo.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProtocolTest {

    private static Protocol of(Map<String, ?> table) {
        return OptionTable.apply("protocol", table, Protocol.builder()).build();
    }

    @Test
    void isSmtpByTheDnsUnlessItSaysMore() {
        assertThat(of(Map.of())).isEqualTo(of(Map.of("smtp", Map.of()))).isEqualTo(new Protocol.Smtp(List.of(), false));
    }

    @Test
    void aListOfHostsMayMixTextsAndTables() {
        Object entry = Map.of("name", "mx.example.com", "addr", "10.0.0.1");

        assertThat(of(Map.of("smtp", Map.of("mx_list", List.of("relay:587", entry), "treat_mx_list_as_secure", true))))
                .isEqualTo(new Protocol.Smtp(
                        List.of(SmartHost.parse("relay:587"), SmartHost.of("mx.example.com", "10.0.0.1")), true));
        assertThat(of(Map.of("smtp", Map.of("mx_list", List.of(entry, entry))))).isInstanceOf(Protocol.Smtp.class);
    }

    @Test
    void aMaildirHasAPathAndPermissions() {
        assertThat(of(Map.of("maildir_path", "mail", "dir_mode", 0775, "file_mode", 0664)))
                .isEqualTo(new Protocol.Maildir(Path.of("mail"), OptionalInt.of(0775), OptionalInt.of(0664)));
    }

    @ParameterizedTest
    @MethodSource
    void refuses(Map<String, ?> table, String text) {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> OptionTable.apply(
                        "make", Map.of("protocol", table), dev.kumo.core.queue.QueueOptions.builder()))
                .withMessageContaining(text);
    }

    static Stream<Arguments> refuses() {
        return Stream.of(
                Arguments.of(Map.of("smpt", Map.of()), "make.protocol: unknown key 'smpt' (did you mean 'smtp'?)"),
                Arguments.of(Map.of("custom_lua", Map.of()), "make.protocol: unknown key 'custom_lua'"),
                Arguments.of(smtp(List.of()), "make.protocol.smtp.mx_list: the list names no host"),
                Arguments.of(smtp(List.of("a b")), "make.protocol.smtp.mx_list: 'a b' is not a smart host"),
                Arguments.of(smtp(List.of("a", Map.of("nam", "b"))), "a smart host is a text, or a table such as"),
                Arguments.of(
                        smtp(List.of(Map.of("name", "b", "addr", "c"))),
                        "the address of smart host 'b' must be an IP address, not 'c'"),
                Arguments.of(smtp(List.of(7)), "item 1 must be a string, not 7"),
                Arguments.of(smtp(Collections.nCopies(101, "a")), "mx_list has at most 100 hosts, not 101"),
                Arguments.of(Map.of("maildir_path", "a", "smtp", Map.of()), "a queue has one protocol"),
                Arguments.of(Map.of("file_mode", 0600), "give maildir_path"),
                Arguments.of(Map.of("maildir_path", ""), "the path of a maildir is empty"),
                Arguments.of(Map.of("maildir_path", "/mail/{{ domain_part }}"), "templates such as"),
                Arguments.of(Map.of("maildir_path", "/mail/{% if tenant %}t{% endif %}"), "templates such as"),
                Arguments.of(
                        Map.of("maildir_path", "a", "dir_mode", 775),
                        "dir_mode must be 0700 to 0777 in octal digits, not 775, which is octal 1407;"
                                + " for octal 775 write 509, or in Lua tonumber('775', 8)"),
                Arguments.of(
                        Map.of("maildir_path", "a", "file_mode", 0477),
                        "file_mode must be 0600 to 0777 in octal digits, not 319, which is octal 477;"
                                + " for octal 664 write 436, or in Lua tonumber('664', 8)"));
    }

    private static Map<String, ?> smtp(List<?> hosts) {
        return Map.of("smtp", Map.of("mx_list", hosts));
    }
}
