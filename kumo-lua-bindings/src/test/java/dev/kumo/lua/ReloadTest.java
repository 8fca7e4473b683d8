package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.testkit.SmtpDialogue;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of sessions when the file changes. */
class ReloadTest {

    @TempDir
    Path folder;

    private LuaPolicyFile policy;
    private Runnable look;
    private boolean cancelled;

    @BeforeEach
    void watch() {
        policy = LuaPolicyFile.builder(write("one"))
                .watch(scheduler(), Duration.ofSeconds(1))
                .load();
    }

    @AfterEach
    void close() {
        policy.close();
        assertThat(cancelled).isTrue();
    }

    /** Keeps the task for the test to run. */
    private ScheduledExecutorService scheduler() {
        ClassLoader loader = getClass().getClassLoader();
        Object future =
                Proxy.newProxyInstance(loader, new Class<?>[] {ScheduledFuture.class}, (proxy, method, arguments) -> {
                    cancelled = method.getName().equals("cancel");
                    return true;
                });
        return (ScheduledExecutorService) Proxy.newProxyInstance(
                loader, new Class<?>[] {ScheduledExecutorService.class}, (proxy, method, arguments) -> {
                    look = (Runnable) arguments[0];
                    return future;
                });
    }

    private Path write(String text) {
        return Policies.write(folder, Policies.listening("""
                kumo.on('smtp_server_mail_from', function() kumo.reject(550, '5.7.1 %s') end)
                """.formatted(text)));
    }

    private SmtpDialogue session() {
        SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0));
        dialogue.send("EHLO client.example");
        assertThat(policy.listeners()).hasSize(1);
        return dialogue;
    }

    @Test
    void newSessionsUseTheNewScript() {
        SmtpDialogue old = session();
        assertThat(old.send("MAIL FROM:<a@b.example>")).containsExactly("550 5.7.1 one");
        write("two");
        look.run();
        assertThat(session().send("MAIL FROM:<a@b.example>")).containsExactly("550 5.7.1 two");
        assertThat(old.send("MAIL FROM:<a@b.example>")).containsExactly("550 5.7.1 one");
    }

    @Test
    void aBrokenScriptIsRefused() {
        Policies.write(folder, "kumo.on('smtp_server_mail_form', print)");
        look.run();
        look.run();
        assertThat(session().send("MAIL FROM:<a@b.example>")).containsExactly("550 5.7.1 one");
        assertThatThrownBy(() -> policy.reload())
                .isInstanceOf(LuaPolicyException.class)
                .hasMessage("policy.lua:1: kumo.on: there is no event 'smtp_server_mail_form'"
                        + " (did you mean 'smtp_server_mail_from'?)");
        write("two");
        assertThat(policy.reload()).isTrue();
        assertThat(policy.reload()).isFalse();
        assertThat(session().send("MAIL FROM:<a@b.example>")).containsExactly("550 5.7.1 two");
    }

    @Test
    void aLaterScriptMayHandleOtherEvents() {
        Policies.write(folder, Policies.listening("""
                kumo.on('smtp_server_rcpt_to', function() kumo.reject(550, '5.1.1 nobody') end)
                """));
        look.run();
        SmtpDialogue dialogue = session();
        assertThat(dialogue.send("MAIL FROM:<a@b.example>")).containsExactly("250 2.1.0 OK");
        assertThat(dialogue.send("RCPT TO:<c@example.com>")).containsExactly("550 5.1.1 nobody");
    }

    @Test
    void theStatesOfTheOldOneEnd() {
        SmtpDialogue old = session();
        old.send("MAIL FROM:<a@b.example>");
        for (int i = 0; i < 50; i++) {
            write("version " + i);
            look.run();
        }
        assertThat(policy.idleStates()).isEqualTo(1);
        assertThat(old.send("MAIL FROM:<a@b.example>")).containsExactly("550 5.7.1 one");
    }

    @Test
    void aLookThatComesAfterTheEndLoadsNothing() {
        policy.close();
        write("two");

        look.run();

        assertThat(policy.idleStates()).isZero();
        assertThatThrownBy(policy::reload)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
