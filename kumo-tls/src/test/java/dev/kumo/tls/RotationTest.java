package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RotationTest {

    private static final long FILES = 500;
    private static final long VAULT = 300_000;
    private static final TestCa CA = TestCa.root("Test CA");
    private static final TestCa.Issued OLD = CA.issue("mx.example.com");
    private static final TestCa.Issued NEW = CA.issue("mx.example.com");

    @TempDir
    Path directory;

    private Path certificate;
    private Path key;
    private final IdleScheduler scheduler = new IdleScheduler();
    private final LogCapture log = new LogCapture();
    private final AtomicReference<Instant> now = new AtomicReference<>(TestCa.NOW);

    @BeforeEach
    void writeTheOldOnes() throws IOException {
        certificate = directory.resolve("cert.pem");
        key = directory.resolve("key.pem");
        write(OLD);
    }

    @AfterEach
    void noKeyIsInAnyLog() {
        log.close();
        for (TestCa.Issued issued : new TestCa.Issued[] {OLD, NEW}) {
            String pem = new String(issued.keyPem(), StandardCharsets.US_ASCII);
            assertThat(log.text()).doesNotContain(pem.split("\n", 3)[1]);
        }
        assertThat(log.text()).doesNotContain(FakeVault.TOKEN);
    }

    private void write(TestCa.Issued issued) throws IOException {
        Files.write(certificate, issued.chainPem());
        Files.write(key, issued.keyPem());
    }

    private ServerTls.Builder files() {
        return ServerTls.builder().certificate(KeySource.file(certificate)).privateKey(KeySource.file(key));
    }

    private ServerTls open(ServerTls.Builder builder) throws TlsException {
        ServerTls tls = builder.scheduler(scheduler).time(now::get).build();
        tls.open();
        return tls;
    }

    private static void assertShows(ServerTls tls, TestCa.Issued issued) {
        assertThat(Wire.connect(tls, CA, "mx.example.com").shown()).isEqualTo(issued.certificate());
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void newHandshakesUseTheNewFilesAndOldConnectionsLive(ServerTls.Provider provider) throws IOException {
        ServerTls tls = open(files().provider(provider));
        Wire before = Wire.connect(tls, CA, "mx.example.com");

        write(NEW);
        scheduler.tick(FILES);
        Wire after = Wire.connect(tls, CA, "mx.example.com");

        assertThat(before.shown()).isEqualTo(OLD.certificate());
        assertThat(after.shown()).isEqualTo(NEW.certificate());
        before.clientSays("NOOP\r\n").serverSays("250 OK\r\n");
        assertThat(before.clientHears.text).hasToString("250 OK\r\n");
        assertThat(log.ours("INFO"))
                .hasSize(1)
                .allMatch(line -> line.contains(NEW.serial().toString(16)));
    }

    @Test
    void aFileOfTheSameSizeAndTimeIsSeen() throws IOException {
        FileTime time = FileTime.from(TestCa.FROM);
        TestCa.Issued sameLength = CA.issue("mx.example.com");
        while (sameLength.chainPem().length != OLD.chainPem().length) {
            sameLength = CA.issue("mx.example.com");
        }
        Files.setLastModifiedTime(certificate, time);
        Files.setLastModifiedTime(key, time);
        ServerTls tls = open(files());

        write(sameLength);
        Files.setLastModifiedTime(certificate, time);
        Files.setLastModifiedTime(key, time);
        scheduler.tick(FILES);

        assertShows(tls, sameLength);
    }

    @Test
    void filesThatStayTheSameChangeNothing() throws IOException {
        ServerTls tls = open(files());
        TlsIdentity before = tls.identities().get("");

        scheduler.tick(FILES);
        scheduler.tick(VAULT);

        assertThat(tls.reload()).isFalse();
        assertThat(tls.identities().get("")).isSameAs(before);
        assertThat(log.ours("INFO")).isEmpty();
    }

    @Test
    void brokenFilesAreRefusedAndToldOnceAndTheOldStays() throws IOException {
        ServerTls tls = open(files());

        Files.writeString(certificate, "half a fi");
        for (int i = 0; i < 5; i++) {
            scheduler.tick(FILES);
        }

        assertShows(tls, OLD);
        assertThat(log.ours("ERROR"))
                .hasSize(1)
                .allMatch(line -> line.contains("file '" + certificate + "' holds no certificate"))
                .allMatch(line -> line.contains("the old one stays in use"));
        write(NEW);
        scheduler.tick(FILES);
        assertShows(tls, NEW);
    }

    @Test
    void troubleThatComesBackIsToldAgain() throws IOException {
        open(files());

        for (int i = 0; i < 2; i++) {
            Files.writeString(certificate, "half a fi");
            scheduler.tick(FILES);
            scheduler.tick(FILES);
            write(NEW);
            scheduler.tick(FILES);
        }

        assertThat(log.ours("ERROR")).hasSize(2);
    }

    @Test
    void aPairThatIsReplacedOneByOneIsNoTrouble() throws IOException {
        ServerTls tls = open(files());

        Files.write(certificate, NEW.chainPem());
        scheduler.tick(FILES);
        assertShows(tls, OLD);
        Files.write(key, NEW.keyPem());
        scheduler.tick(FILES);

        assertShows(tls, NEW);
        assertThat(log.ours("ERROR")).isEmpty();
    }

    @Test
    void aMissingFileIsTrouble() throws IOException {
        ServerTls tls = open(files());

        Files.delete(key);
        scheduler.tick(FILES);
        scheduler.tick(FILES);

        assertShows(tls, OLD);
        assertThat(log.ours("ERROR")).hasSize(1).allMatch(line -> line.contains("'" + key + "' does not exist"));
    }

    @Test
    void anExpiredCertificateIsRefused() throws IOException {
        ServerTls tls = open(files());

        write(CA.issue("CN=x", TestCa.keys("P-256"), TestCa.FROM, TestCa.NOW.minusSeconds(1), "x"));
        scheduler.tick(FILES);
        scheduler.tick(FILES);

        assertShows(tls, OLD);
        assertThat(log.ours("ERROR")).hasSize(1).allMatch(line -> line.contains("expired"));
    }

    @Test
    void onlyWhatHasChangedIsMadeAnew() throws IOException {
        ServerTls tls = open(files().identity("other.example.com", OLD.source()));
        TlsIdentity other = tls.identities().get("other.example.com");

        write(NEW);
        scheduler.tick(FILES);

        assertThat(tls.identities().get("").serial()).isEqualTo(NEW.serial());
        assertThat(tls.identities().get("other.example.com")).isSameAs(other);
        assertThat(log.ours("INFO")).hasSize(1);
    }

    @Test
    void newClientAuthoritiesAreUsed() throws IOException {
        TestCa clients = TestCa.root("Client CA");
        Path authorities =
                Files.write(directory.resolve("ca.pem"), clients.source().read());
        TestCa.Issued client = CA.issue("sender");
        ServerTls tls = open(files().requiredClientCa(KeySource.file(authorities)));
        SslContext context =
                Wire.build(Wire.verifying(CA).keyManager(client.keys().getPrivate(), client.certificate()));
        assertThat(Wire.connect(tls, context, "mx.example.com").serverHears.refused())
                .isTrue();

        Files.write(authorities, CA.source().read());
        scheduler.tick(FILES);

        assertThat(Wire.connect(tls, context, "mx.example.com").secured()).isTrue();
    }

    @Test
    void vaultIsReadOnItsIntervalOnly() throws TlsException {
        try (FakeVault vault = new FakeVault()) {
            put(vault, OLD);
            ServerTls tls = open(vault(vault));
            assertThat(vault.requests).hasSize(2);

            put(vault, NEW);
            scheduler.tick(FILES);
            assertThat(vault.requests).hasSize(2);
            assertShows(tls, OLD);

            scheduler.tick(VAULT);
            assertShows(tls, NEW);
        }
    }

    @Test
    void whatVaultRefusesIsToldAndTheOldStays() throws TlsException {
        try (FakeVault vault = new FakeVault()) {
            put(vault, OLD);
            ServerTls tls = open(vault(vault));

            vault.next(403, "{\"errors\":[\"permission denied\"]}");
            scheduler.tick(VAULT);

            assertShows(tls, OLD);
            assertThat(log.ours("ERROR")).hasSize(1).allMatch(line -> line.contains("permission denied"));
        }
    }

    @Test
    void aCertificateInAFileAndItsKeyInVaultMeet() throws IOException {
        try (FakeVault vault = new FakeVault()) {
            put(vault, OLD);
            ServerTls tls = open(
                    ServerTls.builder().certificate(KeySource.file(certificate)).privateKey(secret(vault, "key")));

            put(vault, NEW);
            Files.write(certificate, NEW.chainPem());
            scheduler.tick(FILES);
            assertShows(tls, OLD);
            scheduler.tick(VAULT);

            assertShows(tls, NEW);
        }
    }

    private static void put(FakeVault vault, TestCa.Issued issued) {
        vault.put("secret", "tls/cert", Map.of("key", new String(issued.chainPem(), StandardCharsets.US_ASCII)));
        vault.put("secret", "tls/key", Map.of("key", new String(issued.keyPem(), StandardCharsets.US_ASCII)));
    }

    private static ServerTls.Builder vault(FakeVault vault) {
        return ServerTls.builder().certificate(secret(vault, "cert")).privateKey(secret(vault, "key"));
    }

    private static KeySource secret(FakeVault vault, String name) {
        return KeySource.of(table -> table.vaultMount("secret")
                .vaultPath("tls/" + name)
                .vaultAddress(vault.address())
                .vaultToken(FakeVault.TOKEN));
    }

    @Test
    void aSupplierIsAskedByReloadOnly() throws TlsException {
        AtomicReference<TestCa.Issued> issued = new AtomicReference<>(OLD);
        ServerTls tls = open(ServerTls.builder()
                .certificate(KeySource.supplier(() -> issued.get().chainPem()))
                .privateKey(KeySource.supplier(() -> issued.get().keyPem())));

        issued.set(NEW);
        scheduler.tick(FILES);
        scheduler.tick(VAULT);
        assertShows(tls, OLD);

        assertThat(tls.reload()).isTrue();
        assertShows(tls, NEW);
    }

    @Test
    void reloadTellsItsCallerAndTheLogWhatIsWrong() throws IOException {
        ServerTls tls = open(files());

        Files.write(key, NEW.keyPem());

        assertThatThrownBy(tls::reload)
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll("does not fit", certificate.toString(), key.toString());
        assertThat(log.ours("ERROR")).hasSize(1).allMatch(line -> line.contains("does not fit"));
        assertShows(tls, OLD);
    }

    @Test
    void aSelfSignedCertificateIsReplacedBeforeItsEnd() throws TlsException {
        ServerTls tls = open(ServerTls.builder().hostname("mx.example.com"));
        TlsIdentity first = tls.identities().get("");

        now.set(first.notAfter().minus(Duration.ofDays(1)));
        scheduler.tick(VAULT);

        assertThat(tls.identities().get("").serial()).isNotEqualTo(first.serial());
    }

    @Test
    void theIntervalsAreOnesOwn() throws IOException {
        ServerTls tls = open(files().fileInterval(Duration.ofMillis(20)).vaultInterval(Duration.ofSeconds(7)));

        write(NEW);
        scheduler.tick(20);

        assertShows(tls, NEW);
        assertThat(scheduler.planned()).as("only what there is, is watched").isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> files().fileInterval(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> files().vaultInterval(Duration.ofSeconds(-1)));
    }

    @Test
    void closeEndsTheWatch() throws IOException {
        ServerTls tls = open(files());
        tls.close();

        assertThat(scheduler.planned()).isZero();
        assertThat(scheduler.isShutdown()).as("it is not ours").isFalse();
        tls.close();
    }

    @Test
    void watchesOnThreadsOfItsOwnByDefault() throws IOException {
        ServerTls tls =
                files().fileInterval(Duration.ofMillis(1)).time(now::get).build();
        tls.open();
        try {
            write(NEW);

            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!tls.identities().get("").serial().equals(NEW.serial()) && System.nanoTime() < patience) {
                Thread.onSpinWait();
            }
            assertThat(tls.identities().get("").serial()).isEqualTo(NEW.serial());
        } finally {
            tls.close();
        }
    }

    @Test
    void isOpenedOnce() throws IOException {
        ServerTls tls = open(files());

        assertThatIllegalStateException().isThrownBy(tls::open);
        assertThatIllegalStateException().isThrownBy(() -> files().build().reload());
        assertThatIllegalStateException().isThrownBy(() -> files().build().identities());
    }

    @Test
    void watchesNothingThatDidNotOpen() throws IOException {
        Files.delete(key);

        assertThatThrownBy(() -> open(files())).isInstanceOf(TlsException.class);
        assertThat(scheduler.planned()).isZero();
    }
}
