package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.kumo.core.mail.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BounceClassifierTest {

    private static final BounceClassifier STANDARD = BounceClassifier.standard();

    @TempDir
    Path directory;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void readsTheReplyAsOneLine() {
        BounceClassifier classifier =
                BounceClassifier.of(Map.of("Found", List.of("^550 5\\.1\\.1 first line second line$", "^554 plain$")));

        assertThat(classifier.classify(Reply.of(550, "5.1.1", "first line\nsecond line")))
                .isEqualTo("Found");
        assertThat(classifier.classify(Reply.plain(554, "plain"))).isEqualTo("Found");
        assertThat(classifier.classify(Reply.plain(554, "other"))).isEqualTo(BounceClassifier.UNCATEGORIZED);
        assertThat(classifier.classify("550 5.1.1 first line\r\nsecond line")).isEqualTo("Found");
    }

    @Test
    void theFirstRuleDecides() {
        Map<String, List<String>> rules = new LinkedHashMap<>();
        rules.put("First", List.of("nothing", "two"));
        rules.put("Second", List.of("one", "two"));

        assertThat(BounceClassifier.of(rules).classify("550 one two")).isEqualTo("First");
        assertThat(BounceClassifier.of(rules).classify("550 one")).isEqualTo("Second");
    }

    @Test
    void filesAreTriedInTheirOrder() throws Exception {
        Path first = file("first.json", "{\"rules\": {\"Late\": [\"greylist\"]}}");
        Path second =
                file("second.json", "{\"rules\": [{\"A\": [\"x\"]}, {\"B\": [\"y\"], \"A\": [\"greylist\", \"z\"]}]}");
        BounceClassifier classifier = BounceClassifier.read(first, second);

        assertThat(List.of("450 greylisted", "450 xy", "450 yz", "450 z", "450 -"))
                .extracting(classifier::classify)
                .containsExactly("Late", "A", "B", "A", "Uncategorized");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"rules\": {\"A\": [\"x\"],}}|line 1: ",
                "{\"rules\": {\"A\": [], \"A\": []}}|line 1: ",
                "{}|must have one key, 'rules'",
                "{\"rules\": {}, \"more\": 1}|must have one key, 'rules'",
                "[]|must have one key, 'rules'",
                "{\"rules\": 1}|'rules' must be a table",
                "{\"rules\": [[]]}|'rules' must be a table",
                "{\"rules\": {\"A\": \"x\"}}|rules.'A' must be a list of strings",
                "{\"rules\": {\"A\": [1]}}|rules.'A' must be a list of strings",
                "{\"rules\": {\"A b\": [\"x\"]}}|not 'A b'",
                "{\"rules\": {\"A\": [\"x\", \"(y\"]}}|rules.A: '(y' is not a regular expression: Unclosed group"
            })
    void aFileThatIsWrongSaysWhere(String content, String why) throws Exception {
        Path wrong = file("wrong.json", content);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BounceClassifier.read(wrong))
                .withMessageStartingWith("'" + wrong)
                .withMessageContaining(why);
    }

    @Test
    void aFileThatEndsTooSoonSaysInWhichLine() throws Exception {
        Path wrong = file("wrong.json", "{\n \"rules\": {");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BounceClassifier.read(wrong))
                .withMessageContaining("line 2: Unexpected end-of-input: expected close marker for Object")
                .withMessageNotContaining("Source");
    }

    @Test
    void tomlSaysItsMend() throws Exception {
        Path toml = file("rules.toml", "[rules]\nA = ['x']\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BounceClassifier.read(toml))
                .withMessageEndingWith("TOML is not read: write the same table in JSON");
    }

    @Test
    void aFileThatIsMissingIsAnErrorOfTheDisk() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> BounceClassifier.read(directory.resolve("none.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$", "(a|aa)*b", "(.*a){20}x", "(?:a?){300}a{300}b"})
    void anExpressionThatWouldTakeForEverIsPassedOver(String endless) {
        Map<String, List<String>> rules = new LinkedHashMap<>();
        rules.put("Endless", List.of(endless));
        rules.put("Next", List.of("^550"));
        BounceClassifier classifier = BounceClassifier.of(rules);
        String line = "550 " + "a".repeat(900) + "!";

        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(10), () -> classifier.classify(line)))
                .isEqualTo("Next");
    }

    @Test
    void manyEndlessExpressionsTogetherEndToo() {
        BounceClassifier classifier = BounceClassifier.of(Map.of("Endless", Collections.nCopies(5_000, "(a+)+$")));

        assertThat(assertTimeoutPreemptively(
                        Duration.ofSeconds(10), () -> classifier.classify("550 " + "a".repeat(900) + "!")))
                .isEqualTo(BounceClassifier.UNCATEGORIZED);
    }

    @Test
    void theWorstHonestExpressionEndsInTime() {
        BounceClassifier classifier = BounceClassifier.of(Map.of("Found", List.of(".*x$|.*full$")));

        assertThat(classifier.classify("550 " + "y".repeat(1_000) + " is full")).isEqualTo("Found");
    }

    @Test
    void looksAtTheFirst1024Characters() {
        BounceClassifier classifier = BounceClassifier.of(Map.of("Found", List.of("x")));

        assertThat(classifier.classify("y".repeat(1_023) + "x")).isEqualTo("Found");
        assertThat(classifier.classify("y".repeat(1_024) + "x")).isEqualTo("Uncategorized");
    }

    /** By the registered meaning of the status, whatever the words. */
    @ParameterizedTest
    @CsvSource({
        "5.1.1, InvalidRecipient", "5.1.2, BadDomain", "5.1.3, InvalidRecipient", "5.1.6, InvalidRecipient",
        "5.1.7, InvalidSender", "4.1.8, InvalidSender", "5.1.10, BadDomain", "5.2.1, InactiveMailbox",
        "4.2.2, QuotaIssues", "5.2.2, QuotaIssues", "4.3.1, QuotaIssues", "5.3.5, BadConfiguration",
        "4.4.1, NoAnswerFromHost", "4.4.2, BadConnection", "4.4.3, DNSFailure", "4.4.4, RoutingErrors",
        "5.4.6, RoutingErrors", "5.4.7, MessageExpired", "4.5.3, TooManyRecipients", "5.7.8, AuthenticationFailed",
        "5.7.26, AuthenticationFailed", "5.7.25, BadConfiguration", "5.7.27, InvalidSender", "4.7.28, SpamBlock",
        "5.2.3, PolicyRelated", "5.3.4, PolicyRelated", "5.7.1, PolicyRelated", "5.7.2, PolicyRelated",
        "5.5.1, ProtocolErrors", "5.6.3, ProtocolErrors", "4.3.2, TransientFailure", "4.0.0, TransientFailure",
        "5.0.0, Uncategorized", "5.1.11, Uncategorized"
    })
    void theStandardRulesKnowTheStatus(String status, String type) {
        assertThat(STANDARD.classify(Reply.of(status.startsWith("4") ? 450 : 550, status, "Sorry")))
                .isEqualTo(type);
    }

    /** Where the status says little, or there is none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "550 no such user here|InvalidRecipient",
                "550 Invalid recipient|InvalidRecipient",
                "550 5.0.0 <a@example.com>: User unknown|InvalidRecipient",
                "550 The address you gave was not found|InvalidRecipient",
                "550 Requested action not taken: mailbox unavailable|InvalidRecipient",
                "554 5.7.1 <a@example.com>: Relay access denied|RelayDenied",
                "550 5.7.1 Unable to relay|RelayDenied",
                "550 not permitted to relay through this server|RelayDenied",
                "554 5.7.1 Message contains a virus|VirusRelated",
                "550 5.7.1 Message content looks like spam|SpamContent",
                "554 5.7.1 192.0.2.1 is on a blocklist|SpamBlock",
                "550 5.7.1 Your host has a poor reputation|SpamBlock",
                "421 4.7.0 blocked using rbl.example|SpamBlock",
                "550 5.7.1 SPF check failed|AuthenticationFailed",
                "552 Mailbox is full|QuotaIssues",
                "452 over quota|QuotaIssues",
                "550 This account has been disabled|InactiveMailbox",
                "550 Domain does not exist|BadDomain",
                "550 Sender address rejected|InvalidSender",
                "452 Too many recipients|TooManyRecipients",
                "554 too many hops|RoutingErrors",
                "451 failed to connect to any host|NoAnswerFromHost",
                "421 connection was reset|BadConnection",
                "554 rejected by local policy|PolicyRelated",
                "500 what?|ProtocolErrors",
                "421 try again later|TransientFailure",
                "550 no|Uncategorized",
                "550 5.1.1 we do not like spam and viruses|InvalidRecipient"
            })
    void theStandardRulesKnowCommonWords(String line, String type) {
        assertThat(STANDARD.classify(line)).isEqualTo(type);
    }

    @Test
    void theStandardRulesAreQuickOnAnyLine() {
        Random random = new Random(1);
        String[] words = {
            "mailbox ",
            "user ",
            "not ",
            "mail",
            "blocked ",
            " spam",
            "quota",
            "domain ",
            "x",
            "550 ",
            "5.7.1 ",
            "relay "
        };
        for (int i = 0; i < 50; i++) {
            StringBuilder line = new StringBuilder("550 5.0.0 ");
            while (line.length() < 1_024) {
                line.append(words[random.nextInt(words.length)]);
            }
            CountedText text = new CountedText(line.toString(), Integer.MAX_VALUE);
            STANDARD.rules().forEach(rule -> rule.isFoundIn(text));
            assertThat(text.steps()).as(line.toString()).isLessThan(400_000);
        }
    }
}
