package dev.kumo.auth.dkim;

import static dev.kumo.auth.dkim.Samples.options;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kumo.tls.KeySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class KeyTest {

    @TempDir
    Path folder;

    private static SigningKey read(String text) {
        return KeyReader.read(text.getBytes(ISO_8859_1), "key_data", null);
    }

    private static byte[] der(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
    }

    @Test
    void pemAndDerAreTaken() throws Exception {
        String pkcs8 = Samples.newKey("RSA", 2048);

        assertThat(read(pkcs8)).hasToString("RSA of 2048 bits");
        assertThat(read("key of example.com\n" + pkcs8)).hasToString("RSA of 2048 bits");
        assertThat(KeyReader.read(der(pkcs8), "key", null)).hasToString("RSA of 2048 bits");
        assertThat(read(Samples.RSA)).hasToString("RSA of 1024 bits");
        assertThat(KeyReader.read(der(Samples.RSA), "key", null)).hasToString("RSA of 1024 bits");
        assertThat(read(Samples.ED25519)).hasToString("Ed25519");
        assertThat(KeyReader.read(der(Samples.ED25519), "key", null)).hasToString("Ed25519");
    }

    static Stream<Arguments> wrongKeys() throws Exception {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
        String mend = "; 'openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048' or"
                + " 'openssl genpkey -algorithm ED25519' makes one";
        return Stream.of(
                Arguments.of(
                        Samples.newKey("RSA", 512),
                        "key_data holds an RSA key of 512 bits; it takes at least 1024 (RFC 8301 section 3.2), and 2048 are better"
                                + mend),
                Arguments.of("", "key_data holds no private key of RSA or Ed25519 in PEM" + mend),
                Arguments.of(
                        Samples.pem(
                                "PUBLIC KEY",
                                pairs.generateKeyPair().getPublic().getEncoded()),
                        "key_data holds no private key of RSA or Ed25519 in PEM, but a public one" + mend),
                Arguments.of(
                        Samples.newKey("EC", 256),
                        "key_data holds a key of a kind (1.2.840.10045.2.1) that DKIM does not know; use RSA or Ed25519"
                                + mend),
                Arguments.of(
                        Samples.ED25519.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
                        "key_data is encrypted; decrypt it with 'openssl pkey -in ... -out ...'"),
                Arguments.of(
                        Samples.RSA.replace("KEY-----\nMIIC", "KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIC"),
                        "key_data is encrypted; decrypt it with 'openssl pkey -in ... -out ...'"),
                Arguments.of(
                        Samples.RSA.replace("MIICXQ", "MIICXR"),
                        "key_data is damaged: it cannot be read as a private key"),
                Arguments.of(
                        "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n",
                        "key_data is damaged: it cannot be read as a private key"));
    }

    @ParameterizedTest
    @MethodSource("wrongKeys")
    void aKeyThatCannotSignIsRefusedWithTheMend(String key, String trouble) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(key))
                .withMessage(trouble)
                .withNoCause();
    }

    @Test
    void whateverAFileHoldsIsAKeyOrRefused() {
        SplittableRandom random = new SplittableRandom(7);
        for (String good : List.of(Samples.RSA, Samples.ED25519)) {
            for (boolean pem : new boolean[] {true, false}) {
                byte[] bytes = pem ? good.getBytes(ISO_8859_1) : der(good);
                for (int i = 0; i < 1_000; i++) {
                    byte[] damaged = bytes.clone();
                    for (int count = 1 + random.nextInt(3); count > 0; count--) {
                        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                    }
                    try {
                        KeyReader.read(damaged, "key", null);
                    } catch (IllegalArgumentException e) {
                        assertThat(e).hasMessageStartingWith("key ");
                    }
                }
            }
        }
    }

    @Test
    void aKeyThatCannotBeHadIsNamed() {
        Path missing = folder.resolve("dkim.pem");

        assertThatThrownBy(() -> DkimSigner.of(options().key(missing.toString()).build()))
                .isInstanceOf(IOException.class)
                .hasMessage("file '" + missing + "' does not exist; name a file that does");
    }

    @Test
    void aKeyOfAnotherKindThanTheAlgorithmIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DkimSigner.of(
                        options().algorithm(DkimAlgorithm.RSA_SHA256).build()))
                .withMessage(
                        "key_data holds a key for ed25519-sha256, not for rsa-sha256; give it a key of that kind, or"
                                + " another algorithm");
        assertThatCode(() -> DkimSigner.of(
                        options().algorithm(DkimAlgorithm.ED25519_SHA256).build()))
                .doesNotThrowAnyException();
    }

    @Test
    void aShortKeyIsWarnedOf() throws IOException {
        List<String> told = logged(
                () -> DkimSigner.of(options().key(Samples.key(Samples.RSA)).build()));
        List<String> untold = logged(() -> DkimSigner.of(
                options().key(Samples.key(Samples.newKey("RSA", 2048))).build()));

        assertThat(told).containsExactly("the DKIM key of key_data has 1024 bits; RFC 8301 section 3.2 advises 2048");
        assertThat(untold).isEmpty();
    }

    @Test
    void nothingShowsTheKey() throws IOException {
        DkimOptions options = options().key(Samples.key(Samples.RSA)).build();
        String secret = Samples.RSA.substring(40, 60);

        assertThat(DkimSigner.of(options)).hasToString("DkimSigner s1._domainkey.example.com (RSA of 1024 bits)");
        assertThat(options.toString()).contains("key=key_data").doesNotContain(secret);
    }

    @Test
    void aProviderMaySign() throws IOException {
        Provider provider = Security.getProvider("SunRsaSign");
        DkimSigner signer = DkimSigner.builder(
                        options().key(Samples.key(Samples.RSA)).build())
                .provider(provider)
                .build();

        assertThat(signer.signature(Samples.message("From: a@b\r\n\r\n"))).contains("a=rsa-sha256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DkimSigner.builder(
                                options().key(Samples.key(Samples.RSA)).build())
                        .provider(Security.getProvider("SUN"))
                        .build())
                .withMessage("key_data holds a key that cannot sign: it is damaged, or SUN cannot use it");
    }

    /** A clock that is moved by hand, and an executor that waits to be told. */
    private final class Watched {

        private Instant now = Samples.NOW;
        private final List<Runnable> tasks = new ArrayList<>();
        private final Path file = folder.resolve("dkim.pem");
        private final DkimSigner signer;
        private boolean ended;

        Watched() throws IOException {
            Files.writeString(file, Samples.ED25519);
            signer = DkimSigner.builder(options()
                            .key(KeySource.file(file))
                            .ttl(Duration.ofMinutes(1))
                            .build())
                    .time(() -> now)
                    .executor(task -> {
                        if (ended) {
                            throw new RejectedExecutionException();
                        }
                        tasks.add(task);
                    })
                    .build();
        }

        String algorithm() {
            return NaiveVerifier.tags(signer.signature(Samples.message("From: a@b\r\n\r\n")))
                    .get("a");
        }

        void pass(int seconds) {
            now = now.plusSeconds(seconds);
        }

        void run() {
            List<Runnable> due = List.copyOf(tasks);
            tasks.clear();
            due.forEach(Runnable::run);
        }
    }

    @Test
    void aNewKeyIsFoundAfterItsTime() throws IOException {
        Watched watched = new Watched();
        Files.writeString(watched.file, Samples.RSA);

        watched.pass(59);
        assertThat(watched.algorithm()).isEqualTo("ed25519-sha256");
        assertThat(watched.tasks).isEmpty();
        watched.pass(1);
        assertThat(watched.algorithm()).isEqualTo("ed25519-sha256");
        assertThat(watched.algorithm()).isEqualTo("ed25519-sha256");
        assertThat(watched.tasks).hasSize(1);
        watched.run();
        assertThat(watched.algorithm()).isEqualTo("rsa-sha256");
        watched.pass(59);
        assertThat(watched.algorithm()).isEqualTo("rsa-sha256");
        assertThat(watched.tasks).isEmpty();
    }

    @Test
    void aKeyThatIsNoneLeavesTheOldOneInUse() throws IOException {
        Watched watched = new Watched();
        for (String bad : List.of("", Samples.newKey("RSA", 512))) {
            Files.writeString(watched.file, bad);
            watched.pass(60);
            watched.algorithm();

            assertThat(logged(watched::run))
                    .singleElement()
                    .asString()
                    .startsWith("new DKIM key refused, the old one stays in use: file '" + watched.file + "' holds ");
            assertThat(watched.algorithm()).isEqualTo("ed25519-sha256");
        }
        Files.delete(watched.file);
        watched.pass(60);
        watched.algorithm();
        watched.run();
        Files.writeString(watched.file, Samples.RSA);
        watched.pass(60);
        watched.algorithm();
        watched.run();
        assertThat(watched.algorithm()).isEqualTo("rsa-sha256");
    }

    @Test
    void anExecutorThatEndsHoldsNobodyUp() throws IOException {
        Watched watched = new Watched();
        watched.pass(60);
        watched.ended = true;
        assertThat(watched.algorithm()).isEqualTo("ed25519-sha256");
        watched.ended = false;
        assertThat(watched.algorithm()).isEqualTo("ed25519-sha256");
        assertThat(watched.tasks).hasSize(1);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static List<String> logged(Work work) throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger(DkimSigner.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            work.run();
        } finally {
            logger.detachAppender(lines);
        }
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
