package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.server.EsmtpListener;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the dialogue files to what the listener can say: a reply that no file provokes is one that nobody has tried. */
class EveryReplyTest {

    /** Where the replies of a listener are written down; not public, so they are found by their names. */
    private static final List<String> WRITTEN = List.of(
            "dev.kumo.smtp.server.Replies", "dev.kumo.smtp.server.ContentReader", "dev.kumo.smtp.SyntaxException");

    /** Said by the connection or by what stands around a session, so that no dialogue can provoke them. */
    private static final Set<String> NOT_IN_A_DIALOGUE = Set.of(
            "Replies.LINE_TOO_LONG",
            "Replies.NOT_UTF8",
            "Replies.CONTROL_CHARACTER",
            "Replies.idle",
            "Replies.shuttingDown",
            "Replies.tooManyConnections",
            "Replies.START_TLS", // needs a socket, as do the next two
            "Replies.ehloOfferingTls",
            "Replies.TLS_ACTIVE",
            "Replies.ehloOfferingAuth", // needs a policy in Java, as do the next seven; see SmtpDialogueTest
            "Replies.SASL_CHALLENGE",
            "Replies.AUTHENTICATED",
            "Replies.AUTHENTICATED_ALREADY",
            "Replies.UNKNOWN_MECHANISM",
            "Replies.TLS_NEEDED",
            "Replies.SASL_CANCELLED",
            "Replies.SASL_MALFORMED",
            "Replies.overloaded", // the executor takes no more work
            "Replies.trouble", // code of the embedder threw; see SmtpDialogueTest
            "Replies.NOT_STORED"); // the reception threw; see SmtpDialogueTest

    private static Set<String> said;

    @BeforeAll
    static void playAll() {
        said = DialogueFile.all().stream()
                .flatMap(file -> file.play().said().stream())
                .filter(line -> line.startsWith("S: "))
                .map(line -> line.substring(3))
                .collect(Collectors.toSet());
    }

    @Test
    void aDialogueProvokesEveryReply() throws ReflectiveOperationException {
        Set<String> missing = new TreeSet<>();
        replies().forEach((name, reply) -> {
            if (!said.containsAll(reply.wire().lines().toList())) {
                missing.add(name);
            }
        });

        missing.removeAll(NOT_IN_A_DIALOGUE);
        assertThat(missing).as("replies without a dialogue").isEmpty();
    }

    @Test
    void theExceptionsAreReplies() throws ReflectiveOperationException {
        assertThat(replies()).containsKeys(NOT_IN_A_DIALOGUE.toArray(String[]::new));
    }

    @Test
    void noExceptionIsSaidInADialogue() throws ReflectiveOperationException {
        Map<String, Reply> replies = replies();

        assertThat(NOT_IN_A_DIALOGUE)
                .noneMatch(name ->
                        said.containsAll(replies.get(name).wire().lines().toList()));
    }

    private static Map<String, Reply> replies() throws ReflectiveOperationException {
        Map<String, Reply> replies = new TreeMap<>();
        for (String name : WRITTEN) {
            Class<?> type = Class.forName(name);
            for (Field field : type.getDeclaredFields()) {
                if (field.getType() == Reply.class && isPartOfListener(field)) {
                    field.setAccessible(true);
                    Object owner = Modifier.isStatic(field.getModifiers()) ? null : ofDefaultListener(type);
                    replies.put(type.getSimpleName() + "." + field.getName(), (Reply) field.get(owner));
                }
            }
        }
        assertThat(replies).as("replies found").hasSizeGreaterThan(40);
        return replies;
    }

    /** All constants; of other fields, those of the one class that is made for a listener. */
    private static boolean isPartOfListener(Field field) {
        return Modifier.isStatic(field.getModifiers())
                || field.getDeclaringClass().getSimpleName().equals("Replies");
    }

    private static Object ofDefaultListener(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor =
                Arrays.stream(type.getDeclaredConstructors()).findFirst().orElseThrow();
        constructor.setAccessible(true);
        return constructor.newInstance(
                EsmtpListener.builder().hostname("mail.example.com").build().options());
    }
}
