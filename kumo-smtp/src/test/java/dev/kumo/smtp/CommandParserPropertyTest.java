package dev.kumo.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumo.core.mail.EnvelopeAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandParserPropertyTest {

    private static final List<String> PIECES = List.of(
            "MAIL",
            "mail ",
            "FROM:",
            "RCPT",
            " TO:",
            "EHLO ",
            "<",
            ">",
            "@",
            "\"",
            "\\",
            " ",
            "\t",
            "a",
            "ü",
            ".",
            ",",
            ":",
            "[",
            "]",
            "IPv6:",
            "::1",
            "1.2.3.4",
            "SIZE=",
            "=",
            "1",
            "SMTPUTF8",
            "postmaster",
            "example.com",
            "\r",
            "\n",
            "\u0000");

    @Test
    void everyMailboxStandsInAPath() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            EnvelopeAddress address = EnvelopeAddress.parse(mailbox(random));
            String route = random.nextInt(4) == 0 ? "@relay.example,@r2:" : "";
            String blank = random.nextInt(4) == 0 ? " " : "";

            MailFrom mail = CommandParser.parse("mAiL fRoM:" + blank + "<" + route + address + "> SIZE=1")
                    .mailFrom();
            Recipient recipient = CommandParser.parse("rCpT tO:" + blank + "<" + route + address + "> X")
                    .recipient();
            Recipient bare = CommandParser.parse("RCPT TO:" + address + " X").recipient();

            assertThat(mail.sender()).as("seed %d", seed).isEqualTo(address);
            assertThat(mail.size()).as("seed %d", seed).hasValue(1);
            assertThat(recipient.address()).as("seed %d", seed).isEqualTo(address);
            assertThat(bare).as("seed %d", seed).isEqualTo(recipient);
        }
    }

    private static String mailbox(Random random) {
        StringBuilder out = new StringBuilder("\"");
        for (int n = random.nextInt(12); n > 0; n--) {
            switch (random.nextInt(6)) {
                case 0 -> out.append("jürgen");
                case 1 -> out.append('\\').append((char) (' ' + random.nextInt(0x5f)));
                case 2 -> out.append(" >@<:,.".charAt(random.nextInt(7)));
                default -> out.append((char) ('a' + random.nextInt(26)));
            }
        }
        List<String> domains =
                List.of("x", "mx.Example", "[192.0.2.1]", "[IPv6:2001:db8::1]", "bücher.example", "a_b.c");
        return out.append("\"@")
                .append(domains.get(random.nextInt(domains.size())))
                .toString();
    }

    @Test
    void junkIsACommandOrASyntaxException() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 30_000; i++) {
            String line = random.nextInt(3) == 0 ? octets(random) : pieces(random);
            try {
                Command command = CommandParser.parse(line);
                assertThat(command.toString()).as("seed %d", seed).matches("[ -~]+");
                readArgument(command);
            } catch (SyntaxException expected) {
                assertThat(expected.reply().isPermanent()).as("seed %d", seed).isTrue();
            }
        }
    }

    private static void readArgument(Command command) throws SyntaxException {
        switch (command.verb()) {
            case EHLO, HELO -> assertThat(command.clientName().text()).matches("[!-~]{1,255}");
            case MAIL -> command.mailFrom();
            case RCPT -> command.recipient();
            default -> command.noArgument();
        }
    }

    private static String octets(Random random) {
        byte[] octets = new byte[random.nextInt(40)];
        random.nextBytes(octets);
        return List.of("", "MAIL FROM:<", "RCPT TO:<a@", "EHLO ").get(random.nextInt(4))
                + new String(octets, random.nextBoolean() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private static String pieces(Random random) {
        StringBuilder line = new StringBuilder(List.of("", "MAIL FROM:<", "MAIL FROM:<a@x> ", "RCPT TO:", "EHLO [")
                .get(random.nextInt(5)));
        for (int n = random.nextInt(10); n > 0; n--) {
            line.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return line.toString();
    }

    @Test
    void aLineOfAMillionCharactersIsRefusedInLinearTime() {
        int n = 1_000_000;
        List<String> lines = List.of(
                "A".repeat(n) + "-",
                "MAIL " + " ".repeat(n) + "x",
                "MAIL FROM:" + " ".repeat(n) + "x",
                "QUIT" + " ".repeat(n) + "x",
                "MAIL FROM:<" + "a".repeat(n),
                "MAIL FROM:<\"" + "\\".repeat(n),
                "MAIL FROM:<" + "@a,".repeat(n),
                "MAIL FROM:<a@" + "a.".repeat(n) + ">",
                "MAIL FROM:<a@" + "ü.".repeat(n) + ">",
                "MAIL FROM:<a@[IPv6:" + "1:".repeat(n) + "]>",
                "MAIL FROM:<a@x> " + "a ".repeat(n),
                "MAIL FROM:<a@x> " + "a=b ".repeat(n),
                "EHLO " + "a.".repeat(n),
                "EHLO [a:" + "a".repeat(n) + "]",
                "EHLO [IPv6:" + ":".repeat(n) + "]");

        // Nothing is timed: a quadratic reader would take hours here.
        for (String line : lines) {
            assertThatExceptionOfType(SyntaxException.class)
                    .as(line.substring(0, 20))
                    .isThrownBy(() -> readArgument(CommandParser.parse(line)));
        }
    }
}
