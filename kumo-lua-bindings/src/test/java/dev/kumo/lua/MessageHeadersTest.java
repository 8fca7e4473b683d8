package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Message;
import dev.kumo.testkit.SmtpDialogue;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts learn of header fields. */
class MessageHeadersTest {

    @TempDir
    Path folder;

    private Message received(String handler, String... header) {
        try (LuaPolicyFile policy = Policies.load(
                folder,
                Policies.listening(
                        "kumo.on('smtp_server_message_received', function(msg, conn)\n" + handler + "\nend)"))) {
            SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0));
            dialogue.send("EHLO client.example");
            dialogue.send("MAIL FROM:<a@client.example>");
            dialogue.send("RCPT TO:<b@example.com>");
            dialogue.send("DATA");
            for (String line : header) {
                dialogue.send(line);
            }
            dialogue.send("");
            dialogue.send("hi");
            assertThat(dialogue.send(".").get(0)).startsWith("250");
            return dialogue.received().get(0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            From: a@b.example | a@b.example |
            From: Anna (of B) <a@b.example> | a@b.example | Anna
            From: "B, Anna" <A@B.Example> | A@b.example | B, Anna
            From: "B \\"x\\" y" <a@b.example> | a@b.example | B "x" y
            From: "a b"@b.example | "a b"@b.example |
            From: <a@b.example> | a@b.example |
            From: =?utf-8?q?J=C3=BCrg?= <a@b.example> | a@b.example | Jürg
            From: =?utf-8?q?=3Cx=40y.example=3E?= <a@b.example> | a@b.example | <x@y.example>
            """)
    void readsAMailbox(String field, String email, String name) {
        Message message = received("""
                local from = msg:from_header()
                msg:set_meta('email', from.email)
                msg:set_meta('name', from.name)
                msg:set_meta('domain', from.domain)
                assert(#from.list == 1 and from.list[1].email == from.email)
                """, field);

        assertThat(message.meta().get("email")).contains(email);
        assertThat(message.meta().get("domain")).contains("b.example");
        assertThat(message.meta().text("name").orElse(null)).isEqualTo(name);
    }

    @Test
    void readsAListAndAGroup() {
        Message message =
                received("""
                local to = msg:to_header()
                local all = {}
                for i, mailbox in ipairs(to.list) do all[i] = mailbox.email end
                msg:set_meta('all', all)
                """, "To: a@b.example, Friends: c@d.example, <e@f.example>;, not an address, g@h.example");

        assertThat(message.meta().get("all"))
                .contains(List.of("a@b.example", "c@d.example", "e@f.example", "g@h.example"));
    }

    @Test
    void saysNilWhereThereIsNoField() {
        received("assert(msg:from_header() == nil and msg:get_address_header('Cc') == nil)", "Subject: x");
    }

    @Test
    void severalMailboxesHaveNoOneDomain() {
        received("""
                local from = msg:from_header()
                assert(#from.list == 2 and from.list[2].domain == 'd.example')
                local ok, trouble = pcall(function() return from.domain end)
                assert(not ok and trouble:find('2 mailboxes', 1, true) and trouble:find('use .list', 1, true), trouble)
                """, "From: a@b.example, c@d.example");
    }

    @Test
    void importsHeaderFields() {
        Message message = received(
                """
                msg:import_headers {
                  { name = 'X-Campaign-Id', target = 'campaign', remove = true },
                  { name = 'X-*', transform = 'camel_case' },
                  { name = 'Keywords', match = 'all' },
                  { name = 'Comments', match = 'first', transform = 'pascal_case' },
                  { name = 'In-Reply-To', transform = 'kebab_case' },
                  { name = 'None' },
                }
                """,
                "X-Campaign-Id: spring",
                "X-One-Two: 1",
                "X-One-Two: 2",
                "Keywords: a",
                "Keywords: b",
                "Comments: c",
                "Comments: d",
                "In-Reply-To: <x>");

        assertThat(message.meta().get("campaign")).contains("spring");
        assertThat(message.meta().get("xOneTwo")).contains("2");
        assertThat(message.meta().get("keywords")).contains(List.of("a", "b"));
        assertThat(message.meta().get("Comments")).contains("c");
        assertThat(message.meta().get("in-reply-to")).contains("<x>");
        assertThat(message.meta().get("none")).isEmpty();
        assertThat(message.headers().first("X-Campaign-Id")).isEmpty();
        assertThat(message.headers().first("X-One-Two")).contains("1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            { { nam = 'X' } } | import_headers[0]: unknown key 'nam' (did you mean 'name'?)
            { { name = '*' } } | import_headers[0].name: must be the name of a header field
            { { name = 'X-*', target = 'x' } } | import_headers[0].target: has no place beside a name with *
            { { name = 'X', transform = 'upper' } } | import_headers[0].transform: must be snake_case
            { 'X' } | import_headers: a list of tables is wanted
            """)
    void saysWhichKeyIsWrong(String specs, String trouble) {
        Message message = received("""
                local ok, trouble = pcall(msg.import_headers, msg, %s)
                msg:set_meta('trouble', trouble)
                """.formatted(specs), "Subject: x");

        assertThat(message.meta().text("trouble").orElseThrow()).contains(trouble.strip());
    }

    @Test
    void tellsWhoIsConnected() {
        received("""
                local info = conn:auth_info()
                assert(info.peer_address == '192.0.2.1' and #info.identities == 0 and #info.groups == 0)
                """, "Subject: x");
    }

    @Test
    void decodesEncodedWords() {
        received("""
                assert(msg:get_first_named_header_value 'Subject' == 'größer')
                assert(msg:get_all_named_header_values('X-Who')[1] == 'größer')
                msg:import_x_headers()
                assert(msg:get_meta 'x_who' == 'größer')
                msg:set_meta('x_who', nil)
                msg:import_headers { { name = 'X-*' } }
                assert(msg:get_meta 'x_who' == 'größer')
                """, "Subject: =?utf-8?q?gr=C3=B6=C3=9Fer?=", "X-Who: =?iso-8859-1?q?gr=F6=DFer?=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "msg:get_first_named_header_value('Subject')",
                "msg:get_all_named_header_values('Subject')",
                "msg:get_all_headers()",
                "msg:import_x_headers()",
                "msg:import_headers { { name = 'Subject' } }",
                "msg:from_header()",
            })
    void aHeaderThatIsNotReadToItsEndIsRefused(String look) {
        try (LuaPolicyFile policy = Policies.load(
                folder,
                Policies.listening("kumo.on('smtp_server_message_received', function(msg)\n" + look + "\nend)"))) {
            SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0));
            dialogue.send("EHLO client.example");
            dialogue.send("MAIL FROM:<a@client.example>");
            dialogue.send("RCPT TO:<b@example.com>");
            dialogue.send("DATA");
            dialogue.send("a:b\r\n".repeat(10_001) + "Subject: evil");
            dialogue.send("");
            assertThat(dialogue.send(".").get(0)).startsWith("554 5.6.0 ");
            assertThat(dialogue.received()).isEmpty();
        }
    }
}
