package dev.kumo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.queue.AdminOrder;
import dev.kumo.core.spool.Spool;
import dev.kumo.http.HttpListener;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The status page of the HTTP listener in a real Chromium, while real mail flows. */
@Timeout(180)
class StatusPageIT {

    private static final String TAB = "\uE004";
    private static final String ENTER = "\uE007";
    private static final String LIVE = "document.getElementById('connection').dataset.state === 'live'";

    private static @Nullable Browser browser;

    private @Nullable Mta mta;
    private final EsmtpListener smtp =
            EsmtpListener.builder().listen("127.0.0.1:0").hostname("mx.example").build();
    private final HttpListener http = HttpListener.builder()
            .listen("127.0.0.1:0")
            .hostname("mx.example")
            .queues(() -> Objects.requireNonNull(mta).queues())
            .build();

    @BeforeAll
    static void openBrowser() throws Exception {
        browser = Browser.open();
    }

    @AfterAll
    static void closeBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private static Browser browser() {
        return Objects.requireNonNull(browser);
    }

    /** Delivers, but for slow.example, which is put off. */
    private static Outcome outcome(boolean slow) {
        return slow
                ? new Outcome.Deferred(Reply.of(451, "4.4.1", "<b>not</b> now"))
                : new Outcome.Delivered(Reply.of(250, "2.0.0", "taken"));
    }

    @BeforeEach
    void start() throws Exception {
        Delivery delivery = messages -> messages.stream()
                .map(message -> outcome(message.queue().domain().equals("slow.example")))
                .toList();
        mta = Mta.builder()
                .listener(smtp)
                .listener(http)
                .spool(Spool.inMemory())
                .delivery(delivery)
                .build();
        mta.start();
        browser().requested();
        browser().log("browser");
        browser().go(url());
        browser().await(LIVE);
    }

    @AfterEach
    void stop() throws Exception {
        try (Mta ending = Objects.requireNonNull(mta)) {
            List<String> fetched = browser().requested();
            assertThat(browser().log("browser")).as("what the console says").isEmpty();
            assertThat(fetched).as("what was fetched").isNotEmpty().allMatch(url -> url.startsWith(url()));
            browser().go("about:blank");
            assertThat(ending.listeners(0)).isNotEmpty();
        }
    }

    private String url() {
        return "http://127.0.0.1:" + http.address().getPort() + "/";
    }

    private void send(String... recipients) throws IOException {
        for (String recipient : recipients) {
            assertThat(LineClient.send(smtp.address(), "a@client.example", recipient, "Subject: x\r\n\r\nHello"))
                    .startsWith("250 ");
        }
    }

    @Test
    void anEmptyMtaSaysHowToSendTheFirstMail() throws Exception {
        assertThat(browser().evaluate("document.title")).isEqualTo("mx.example · Kumo");
        assertThat(browser().evaluate("document.getElementById('first-mail').innerText"))
                .contains("swaks --server 127.0.0.1:" + smtp.address().getPort())
                .contains("curl " + url() + "api/inject/v1");
        assertThat(browser().evaluate("document.getElementById('listener-table').innerText"))
                .contains("ESMTP")
                .contains(":" + smtp.address().getPort());
    }

    @Test
    void figuresMoveWhileMailFlows() throws Exception {
        send("b@fast.example", "c@slow.example");
        browser().await("document.querySelector('.received small').textContent === '2 in all'");
        browser().await("document.querySelector('.delivered small').textContent === '1 in all'");
        browser().await("document.querySelector('[data-key=\"slow.example\"] td')?.textContent === '1'");

        send("d@fast.example");
        browser().await("document.querySelector('.received small').textContent === '3 in all'");
        browser().await("document.querySelector('#chart .received').getAttribute('d').length > 100");
        assertThat(browser().evaluate("document.getElementById('messages').children.length"))
                .isEqualTo("3");
    }

    @Test
    void theLifeOfAMessageIsShownAsText() throws Exception {
        send("c@slow.example");
        browser().await("document.querySelector('#messages .fate')?.textContent === 'Deferred'");
        browser().evaluate("document.querySelector('#messages details').open = true");

        assertThat(browser().evaluate("document.querySelector('#messages .life').innerText"))
                .contains("Received")
                .contains("451 4.4.1 <b>not</b> now");
    }

    @Test
    void aQueueIsSuspendedAndResumedByTheKeyboard() throws Exception {
        send("c@slow.example");
        browser().await("document.querySelector('[data-key=\"slow.example\"] td')?.textContent === '1'");

        tabTo("Suspend slow.example");
        browser().press(ENTER);
        browser().await("document.getElementById('suspend').open");
        browser().press("m", "e", "n", "d", ENTER);
        browser().await("document.querySelector('[data-key=\"slow.example\"] button').textContent === 'Resume'");
        assertThat(orders())
                .singleElement()
                .satisfies(order -> assertThat(order.reason()).isEqualTo("mend"));
        assertThat(browser().evaluate("document.getElementById('said').textContent"))
                .isEqualTo("slow.example is suspended.");

        tabTo("Resume slow.example");
        browser().press(ENTER);
        browser().await("document.querySelector('[data-key=\"slow.example\"] button').textContent === 'Suspend'");
        assertThat(orders()).isEmpty();
    }

    private List<AdminOrder> orders() {
        return Objects.requireNonNull(mta).queues().orders();
    }

    /** Presses Tab until a button has the focus, and sees to it that this can be seen. */
    private void tabTo(String label) throws Exception {
        browser().evaluate("document.activeElement.blur()");
        for (int i = 0; i < 40; i++) {
            browser().press(TAB);
            if (label.equals(browser().evaluate("document.activeElement.getAttribute('aria-label')"))) {
                assertThat(browser().evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                        .isEqualTo("solid");
                return;
            }
        }
        assertThat(label).as("reached by Tab").isEmpty();
    }

    @Test
    void aPhoneHasNothingToScrollSideways() throws Exception {
        send("c@slow.example", "b@a-domain-with-a-rather-long-name-for-a-telephone.fast.example");
        browser().await("document.querySelector('[data-key=\"slow.example\"]') !== null");
        browser().look(390, 844, true);
        try {
            assertThat(browser().evaluate("document.documentElement.scrollWidth"))
                    .isEqualTo("390");
        } finally {
            browser().look(1280, 900, false);
        }
    }
}
