package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each identity of a listener stands for itself: what is wrong with one holds back no other. */
class SeveralIdentitiesTest {

    private static final long FILES = 500;
    private static final long VAULT = 300_000;
    private static final TestCa CA = TestCa.root("Test CA");
    private static final TestCa.Issued OLD = CA.issue("mx.example.com");
    private static final TestCa.Issued NEW = CA.issue("mx.example.com");
    private static final TestCa.Issued OTHER = CA.issue("other.example.com");

    @TempDir
    Path directory;

    private final IdleScheduler scheduler = new IdleScheduler();
    private final LogCapture log = new LogCapture();
    private final AtomicReference<Instant> now = new AtomicReference<>(TestCa.NOW);

    @AfterEach
    void releaseTheLog() {
        log.close();
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    private IdentitySource files(String name, TestCa.Issued issued) throws IOException {
        return IdentitySource.pem(
                KeySource.file(file(name + ".pem", issued.chainPem())),
                KeySource.file(file(name + ".key", issued.keyPem())));
    }

    private ServerTls open(ServerTls.Builder builder) throws TlsException {
        ServerTls tls = builder.scheduler(scheduler).time(now::get).build();
        tls.open();
        return tls;
    }

    private static BigInteger serial(ServerTls tls, String name) {
        return tls.identities().get(name).serial();
    }

    @Test
    void aBrokenIdentityHoldsBackNoOther() throws IOException {
        ServerTls tls = open(
                ServerTls.builder().identity(files("mx", OLD)).identity("other.example.com", files("other", OTHER)));

        files("mx", NEW);
        file("other.pem", new byte[0]);
        scheduler.tick(FILES);
        scheduler.tick(FILES);

        assertThat(serial(tls, "")).isEqualTo(NEW.serial());
        assertThat(serial(tls, "other.example.com")).isEqualTo(OTHER.serial());
        assertThat(log.ours("ERROR")).singleElement().asString().contains("other.pem");
    }

    @Test
    void aSecretThatMayNotBeReadHoldsBackNoFile() throws IOException {
        try (FakeVault vault = new FakeVault()) {
            vault.put("secret", "tls/cert", Map.of("key", text(OTHER.chainPem())));
            vault.put("secret", "tls/key", Map.of("key", text(OTHER.keyPem())));
            ServerTls tls = open(ServerTls.builder()
                    .identity(files("mx", OLD))
                    .identity(
                            "other.example.com",
                            IdentitySource.pem(secret(vault, "tls/cert"), secret(vault, "tls/key"))));

            files("mx", NEW);
            vault.next(403, "{\"errors\":[\"permission denied\"]}");
            scheduler.tick(VAULT);

            assertThat(serial(tls, "")).isEqualTo(NEW.serial());
            assertThat(serial(tls, "other.example.com")).isEqualTo(OTHER.serial());
            assertThat(log.ours("ERROR")).singleElement().asString().contains("permission denied");
        }
    }

    private static KeySource secret(FakeVault vault, String path) {
        return KeySource.of(table -> table.vaultMount("secret")
                .vaultPath(path)
                .vaultAddress(vault.address())
                .vaultToken(FakeVault.TOKEN));
    }

    private static String text(byte[] pem) {
        return new String(pem, StandardCharsets.US_ASCII);
    }

    @Test
    void allThatIsWrongIsToldTogether() throws IOException {
        ServerTls tls = open(
                ServerTls.builder().identity(files("mx", OLD)).identity("other.example.com", files("other", OTHER)));

        file("mx.pem", new byte[0]);
        file("other.pem", new byte[0]);

        assertThatThrownBy(tls::reload)
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("mx.pem")
                .hasMessageContaining("other.pem");
    }

    @Test
    void brokenAuthoritiesHoldBackNoIdentity() throws IOException {
        Path authorities = file("ca.pem", CA.source().read());
        ServerTls tls =
                open(ServerTls.builder().identity(files("mx", OLD)).requiredClientCa(KeySource.file(authorities)));

        file("ca.pem", new byte[0]);
        files("mx", NEW);
        scheduler.tick(FILES);

        assertThat(serial(tls, "")).isEqualTo(NEW.serial());
    }

    @Test
    void anAuthorityThatHasExpiredVouchesForNobody() throws IOException {
        Instant end = TestCa.NOW.plus(Duration.ofDays(1));
        TestCa ending = TestCa.root("Ending CA", end);
        TestCa.Issued client = ending.issue("sender");
        String both = text(CA.source().read()) + text(ending.source().read());
        ServerTls tls = open(ServerTls.builder()
                .identity(OLD.source())
                .requiredClientCa(KeySource.file(file("ca.pem", both.getBytes(StandardCharsets.US_ASCII)))));
        SslContext context =
                Wire.build(Wire.verifying(CA).keyManager(client.keys().getPrivate(), client.certificate()));
        assertThat(Wire.connect(tls, context, "mx.example.com").secured()).isTrue();

        now.set(end.plusSeconds(1));
        scheduler.tick(FILES);

        assertThat(Wire.connect(tls, context, "mx.example.com").serverHears.refused())
                .isTrue();
    }

    @Test
    void whenTheOnlyAuthorityExpiresNobodyIsLetIn() throws IOException {
        Instant end = TestCa.NOW.plus(Duration.ofDays(1));
        TestCa ending = TestCa.root("Ending CA", end);
        TestCa.Issued client = ending.issue("sender");
        ServerTls tls = open(ServerTls.builder()
                .identity(OLD.source())
                .requiredClientCa(KeySource.file(file("ca.pem", ending.source().read()))));
        SslContext context =
                Wire.build(Wire.verifying(CA).keyManager(client.keys().getPrivate(), client.certificate()));
        assertThat(Wire.connect(tls, context, "mx.example.com").secured()).isTrue();

        now.set(end.plusSeconds(1));
        scheduler.tick(FILES);

        assertThat(Wire.connect(tls, context, "mx.example.com").serverHears.refused())
                .isTrue();
    }

    @Test
    void authoritiesOfWhichNoneIsValidAreAnErrorAtTheStart() throws IOException {
        now.set(TestCa.UNTIL.plusSeconds(1));
        ServerTls.Builder builder = ServerTls.builder()
                .identity(IdentitySource.selfSigned("mx.example.com"))
                .requiredClientCa(KeySource.file(file("ca.pem", CA.source().read())));

        assertThatThrownBy(() -> open(builder))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("is not valid now")
                .hasMessageContaining("ca.pem");
    }

    @Test
    void ofSeveralCertificatesOfOneKeyTheOneThatIsValidLongestIsShown() throws IOException {
        TestCa.Issued expired = CA.issue("CN=x", OLD.keys(), TestCa.FROM, TestCa.NOW.minusSeconds(1), "mx.example.com");
        byte[] both = (text(expired.chainPem()) + text(OLD.chainPem())).getBytes(StandardCharsets.US_ASCII);
        ServerTls tls = open(ServerTls.builder()
                .certificate(KeySource.file(file("both.pem", both)))
                .privateKey(OLD.keySource()));

        assertThat(serial(tls, "")).isEqualTo(OLD.serial());
    }

    @Test
    void warnsOnceADayOfACertificateThatNearsItsEnd() throws IOException {
        Instant end = TestCa.NOW.plus(Duration.ofDays(20));
        TestCa.Issued ending = CA.issue("CN=x", TestCa.keys("P-256"), TestCa.FROM, end, "mx.example.com");
        open(ServerTls.builder().identity(files("mx", ending)));
        assertThat(log.ours("WARN")).isEmpty();

        now.set(end.minus(Duration.ofDays(13)));
        scheduler.tick(FILES);
        scheduler.tick(FILES);
        assertThat(log.ours("WARN")).singleElement().asString().contains("expires at " + end);
        now.set(end.minus(Duration.ofDays(12)));
        scheduler.tick(FILES);

        assertThat(log.ours("WARN")).hasSize(2);
    }

    @Test
    void warnsOfACertificateThatIsNotForItsName() throws IOException {
        open(ServerTls.builder().identity(OLD.source()).identity("mail.example.org", OTHER.source()));

        assertThat(log.ours("WARN")).singleElement().asString().contains("clients that ask for mail.example.org");
    }
}
