package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.queue.QueueOptions;
import dev.kumo.core.spool.Spool;
import dev.kumo.testkit.HeardRecords;
import dev.kumo.testkit.ScriptedNextHop;
import dev.kumo.testkit.SmtpDialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that say how queues are delivered. */
@Timeout(60)
class QueueProtocolsTest {

    @TempDir
    Path folder;

    private static final String RELAY = """
            S: 220 relay.partner.example
            C: EHLO *
            S: 250 relay.partner.example
            C: MAIL FROM:<a@news.example.com>
            S: 250 ok
            C: RCPT TO:<b@partner.example>
            S: 250 ok
            C: DATA
            S: 354 go on
            C: (content)
            S: 250 taken
            C: QUIT
            S: 221 bye
            """;

    private LuaPolicyFile policy(int port, boolean maildirs) throws IOException {
        String script =
                Files.readString(Policies.resource("queue-protocols.lua")).replace("PORT", String.valueOf(port));
        return LuaPolicyFile.builder(Policies.write(folder, script))
                .writeMaildirs(maildirs)
                .load();
    }

    private static Message received(LuaPolicyFile policy, String to) {
        SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0)).from("10.1.2.3");
        dialogue.run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: MAIL FROM:<a@news.example.com>
                S: 250 *
                C: RCPT TO:<%s>
                S: 250 *
                C: DATA
                S: 354 *
                C: Subject: hi
                C:
                C: hello
                C: .
                S: 250 *
                """.formatted(to));
        return dialogue.received().get(0);
    }

    @Test
    void mailGoesToRelaysAndIntoFolders() throws Exception {
        try (ScriptedNextHop relay = ScriptedNextHop.playing(RELAY)) {
            assertThat(sites(relay.port(), "b@partner.example", "c@house.example"))
                    .containsExactlyInAnyOrder(
                            "unspecified->mx_list:[127.0.0.1]:" + relay.port()
                                    + ",relay.partner.example=[192.0.2.1]@smtp_client",
                            "unspecified->maildir;file_mode=0640:" + folder.resolve("mail/all") + "@maildir");
            relay.verify();
            assertThat(relay.contents()).singleElement().asString().contains("Subject: hi");
            assertThat(folder.resolve("mail/all/new")).isNotEmptyDirectory();
        }
    }

    /** Where mail to some recipients is delivered. */
    private List<String> sites(int port, String... recipients) throws Exception {
        HeardRecords heard = new HeardRecords();
        try (LuaPolicyFile policy = policy(port, true);
                Mta mta = policy.mta(builder -> builder.spool(Spool.inMemory()).observer(heard))) {
            mta.start();
            for (String to : recipients) {
                mta.submit(received(policy, to)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
            heard.await(2 * recipients.length);
        }
        return heard.records(LogRecord.Delivery.class).stream()
                .map(delivery -> delivery.attempt().site())
                .toList();
    }

    private static QueueOptions options(LuaPolicyFile policy, String queue) {
        return policy.queueOptions(QueueName.parse(queue));
    }

    @Test
    void aRoutingDomainStillLeadsElsewhere() throws Exception {
        try (LuaPolicyFile policy = policy(26, true)) {
            assertThat(options(policy, "other.example!partner.example").protocol())
                    .isEqualTo(options(policy, "partner.example").protocol());
            assertThat(options(policy, "other.example!third.example").protocol())
                    .isEqualTo(Protocol.DEFAULT);
        }
    }

    @Test
    void aFolderIsBelowThatOfTheScript() throws Exception {
        try (LuaPolicyFile policy = policy(26, true)) {
            assertThat(options(policy, "shop@house.example").protocol())
                    .isEqualTo(new Protocol.Maildir(
                            folder.resolve("mail/shop"), OptionalInt.empty(), OptionalInt.of(0640)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../var/www", "..", "mail/../..", "mail/..", "."})
    void aPartOfAPathDoesNotLeadOutOfTheFolderOfTheScript(String given) throws Exception {
        String script = """
                kumo.on('get_queue_config', function(domain, tenant)
                  return kumo.make_queue_config { protocol = { maildir_path = '%s' } }
                end)
                """.formatted(given);
        try (LuaPolicyFile policy = LuaPolicyFile.builder(Policies.write(folder, Policies.listening(script)))
                .writeMaildirs(true)
                .load()) {
            assertThatThrownBy(() -> options(policy, "house.example"))
                    .hasMessageEndingWith(
                            "make_queue_config.protocol.maildir_path: '" + given
                                    + "' is no folder below that of the script; write an absolute path if it is to be elsewhere");
        }
    }

    @Test
    void anAbsolutePathIsTheScripts() throws Exception {
        Path elsewhere = folder.resolveSibling("elsewhere");
        String script = """
                kumo.on('get_queue_config', function()
                  return kumo.make_queue_config { protocol = { maildir_path = '%s' } }
                end)
                """.formatted(elsewhere);
        try (LuaPolicyFile policy = LuaPolicyFile.builder(Policies.write(folder, Policies.listening(script)))
                .writeMaildirs(true)
                .load()) {
            assertThat(options(policy, "house.example").protocol())
                    .isEqualTo(new Protocol.Maildir(elsewhere, OptionalInt.empty(), OptionalInt.empty()));
        }
    }

    @Test
    void aScriptWritesNoFilesUnlessItIsLet() throws Exception {
        try (LuaPolicyFile policy = policy(26, false)) {
            assertThat(options(policy, "partner.example").protocol()).isInstanceOf(Protocol.Smtp.class);
            assertThatThrownBy(() -> options(policy, "house.example"))
                    .hasMessage("policy.lua:22: make_queue_config.protocol.maildir_path: this script may not have files"
                            + " written; LuaPolicyFile.builder(path).writeMaildirs(true) lets it");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            { smtp = { mx_lst = { 'a' } } } | policy.lua:1: make_queue_config.protocol.smtp: unknown key 'mx_lst' (did you mean 'mx_list'?)
            { smtp = { mx_list = {} } } | policy.lua:1: make_queue_config.protocol.smtp.mx_list: the list names no host
            { smtp = { mx_list = { 'a', { name = 'b' } } } } | policy.lua:1: make_queue_config.protocol.smtp.mx_list: a smart host is a text, or
            { maildir_path = '{{ domain }}' } | policy.lua:1: make_queue_config.protocol.maildir_path: templates such as
            { maildir_path = 'm', dir_mode = 775 } | policy.lua:1: make_queue_config.protocol: dir_mode must be 0700 to 0777
            { custom_lua = { constructor = 'make.x' } } | policy.lua:1: make_queue_config.protocol: unknown key 'custom_lua'
            """)
    void saysWhatIsWrong(String protocol, String message) {
        assertThatThrownBy(() -> Policies.load(folder, "kumo.make_queue_config { protocol = " + protocol + " }"))
                .isInstanceOf(LuaPolicyException.class)
                .hasMessageStartingWith(message.strip());
    }
}
