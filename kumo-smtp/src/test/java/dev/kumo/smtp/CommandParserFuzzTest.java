package dev.kumo.smtp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumo.core.mail.EnvelopeAddress;
import java.nio.charset.StandardCharsets;

/** Without {@code JAZZER_FUZZ=1} this runs over the inputs that are kept beside it. */
class CommandParserFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void aLineIsACommandOrASyntaxException(byte[] octets) {
        try {
            Command command = CommandParser.parse(new String(octets, StandardCharsets.UTF_8));
            requirePrintable(command.toString());
            switch (command.verb()) {
                case EHLO, HELO -> requirePrintable(command.clientName().text());
                case MAIL -> requireSameAgain(command.mailFrom());
                case RCPT -> requireSameAgain(command.recipient());
                default -> command.noArgument();
            }
        } catch (SyntaxException expected) {
            requirePrintable(expected.reply().lines().get(0));
        }
    }

    private static void requireSameAgain(MailFrom mail) throws SyntaxException {
        MailFrom again = CommandParser.parse("MAIL FROM:<" + mail.sender() + "> " + mail.parameters())
                .mailFrom();
        require(again.equals(mail), mail);
        requireSameAgain(mail.sender());
    }

    private static void requireSameAgain(Recipient recipient) throws SyntaxException {
        Recipient again = CommandParser.parse("RCPT TO:<" + recipient.address() + "> " + recipient.parameters())
                .recipient();
        require(again.equals(recipient), recipient);
        requireSameAgain(recipient.address());
    }

    private static void requireSameAgain(EnvelopeAddress address) {
        if (!address.isNullSender()) {
            EnvelopeAddress again = EnvelopeAddress.parse(address.toString());
            require(again.equals(address) && again.toString().equals(address.toString()), address);
        }
    }

    private static void requirePrintable(String text) {
        require(!text.isEmpty() && text.chars().allMatch(c -> c >= ' ' && c < 0x7f), text);
    }

    private static void require(boolean held, Object what) {
        if (!held) {
            throw new AssertionError(what.toString());
        }
    }
}
