package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.http.answer.Json;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An injection as it is kept. */
class InjectTextTest {

    private static InjectRequest read(byte[] json) {
        return InjectJson.read(Json.read(json));
    }

    private static InjectRequest again(InjectRequest request) {
        return read(InjectText.of(request));
    }

    private static InjectRequest.Builder request(InjectContent content) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("nothing", null);
        values.put("list", Arrays.asList(1, 2.5, true, null, "x\n\u00fc\u2028"));
        return InjectRequest.builder("s@b.example", content)
                .recipient(new InjectRequest.Recipient(
                        "a@c.example", Optional.of("A \"B\""), values, Map.of("k", List.of(1, Map.of("y", false)))))
                .recipient("\u00fc@c.example")
                .substitution("deep", Map.of("er", values))
                .deferredSpool(true)
                .traceHeaders(headers -> headers.receivedHeader(true)
                        .supplementalHeader(false)
                        .headerName("X-Ref")
                        .includeMetaNames("campaign", "tenant"))
                .templateDialect(TemplateDialect.HANDLEBARS);
    }

    @Test
    void whatIsWrittenIsReadAsItWas() {
        InjectRequest whole =
                request(InjectContent.whole("Subject: {{ x }}\n\n\u65e5")).build();
        assertThat(again(whole)).isEqualTo(whole);
        InjectRequest built = request(InjectContent.builder()
                        .subject("s")
                        .textBody("t")
                        .htmlBody("<p>")
                        .ampHtmlBody("<a>")
                        .header("X-A", "b")
                        .from(InjectRequest.Mailbox.of("f@b.example", "F"))
                        .replyTo(InjectRequest.Mailbox.of("r@b.example"))
                        .build())
                .build();
        assertThat(again(built)).isEqualTo(built);
    }

    @Test
    void filesAreWhatTheyWere() {
        byte[] data = new byte[256];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) i;
        }
        InjectRequest request = request(InjectContent.builder()
                        .textBody("t")
                        .attachment(InjectContent.Attachment.of("image/png", data)
                                .named("a.png")
                                .inline("cid1"))
                        .build())
                .build();
        InjectContent.Attachment file =
                ((InjectContent.Built) again(request).content()).attachments().get(0);
        assertThat(file.data()).isEqualTo(data);
        assertThat(file.contentType()).isEqualTo("image/png");
        assertThat(file.fileName()).contains("a.png");
        assertThat(file.contentId()).contains("cid1");
    }

    @Test
    void datesBecomeText() {
        InjectRequest request = request(InjectContent.whole("x"))
                .substitution("day", LocalDate.of(2026, 11, 22))
                .build();
        assertThat(again(request).substitutions()).containsEntry("day", "2026-11-22");
    }

    @Test
    void whatIsKeptIsGeneratedAndNotKeptAgain() {
        InjectRequest request =
                request(InjectContent.whole("x")).deferredGeneration(true).build();
        assertThat(new String(InjectText.of(request), StandardCharsets.UTF_8)).doesNotContain("deferred_generation");
    }

    @Test
    void whatCannotBeReadAgainIsNotTaken() {
        List<Object> deep = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            deep = new ArrayList<>(List.of(deep));
        }
        Inject inject = Inject.builder().hostname("mail.example.com").build();
        Inbox inbox = new Inbox();
        inbox.takesChores = true;
        inject.open(inbox);
        InjectRequest request = request(InjectContent.whole("x"))
                .templateDialect(TemplateDialect.STATIC)
                .substitution("deep", deep)
                .deferredGeneration(true)
                .build();
        assertThatIllegalArgumentException().isThrownBy(() -> inject.v1(request));
        assertThat(inbox.messages).isEmpty();
        inject.close();
    }
}
