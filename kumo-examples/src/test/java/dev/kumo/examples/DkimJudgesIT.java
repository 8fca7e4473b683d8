package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.kumo.auth.dkim.Canonicalization;
import dev.kumo.auth.dkim.DkimOptions;
import dev.kumo.auth.dkim.DkimSigner;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.tls.KeySource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mail that a {@link DkimSigner} has signed, as programs that others wrote see it: dkimpy, and Mail::DKIM for Perl. */
@Timeout(180)
class DkimJudgesIT {

    /** Says of each file, in the order of its signatures, whether they hold. */
    private static final String PYTHON = """
            import glob, sys, dkim
            dns = dict(line.rstrip("\\n").split("\\t") for line in open(sys.argv[1]))
            def lookup(name, timeout=5):
                return dns.get(name.decode().rstrip(".")).encode()
            for name in sorted(glob.glob(sys.argv[2] + "/*.eml")):
                mail = dkim.DKIM(open(name, "rb").read())
                results = []
                for index in range(sum(field.lower() == b"dkim-signature" for field, value in mail.headers)):
                    try:
                        results.append("pass" if mail.verify(idx=index, dnsfunc=lookup) else "fail")
                    except dkim.DKIMException:
                        results.append("fail")
                print(name.split("/")[-1], *results)
            """;

    /** The same, of signatures with RSA: Debian's does not know others. */
    private static final String PERL = """
            use strict; use warnings; use Mail::DKIM::Verifier; use Mail::DKIM::DNS; use Net::DNS;
            my %dns;
            open(my $zone, '<', shift @ARGV) or die;
            while (<$zone>) { chomp; my ($name, $record) = split /\\t/; $dns{$name} = $record; }
            { package Zone;
              sub new { bless {}, shift }
              sub errorstring { '' }
              sub send {
                my ($self, $name, $type) = @_;
                my $answer = Net::DNS::Packet->new($name, $type);
                $answer->header->qr(1);
                $answer->push(answer => Net::DNS::RR->new(name => $name, type => 'TXT', ttl => 1,
                    txtdata => [unpack('(a255)*', $dns{$name})])) if exists $dns{$name};
                return $answer;
              } }
            $Mail::DKIM::DNS::RESOLVER = Zone->new;
            for my $file (sort glob("$ARGV[0]/*.eml")) {
              open(my $in, '<:raw', $file) or die;
              my $verifier = Mail::DKIM::Verifier->new;
              $verifier->PRINT(do { local $/; <$in> });
              $verifier->CLOSE;
              my ($name) = $file =~ m{([^/]+)$};
              print join(' ', $name, map { $_->result } grep { $_->algorithm eq 'rsa-sha256' } $verifier->signatures), "\\n";
            }
            """;

    private static final List<String> BODIES = List.of(
            "",
            "\r\n",
            "\r\n\r\n\r\n",
            "hello\r\n",
            "hello",
            " hello \t  you \r\n\t \r\n\r\n  again\t\r\n\r\n\r\n",
            " \t \r\n",
            ".\r\n..\r\n",
            "gr\u00fc\u00dfe \u20ac\r\n",
            "x".repeat(998) + "\r\n",
            "All work and no play makes Jack a dull boy. \r\n".repeat(3_000));

    private static final List<String> HEADERS = List.of(
            "From: Joe <joe@example.com>\r\n",
            "FROM: joe@example.com\r\nSubject:\r\nTo: a@example.org,\r\n\tb@example.org\r\n",
            "From: joe@example.com  \r\nSubject:   two \t words\t\r\nTo: a@example.org\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n",
            String.join(
                    "\r\n",
                    "Received: by one",
                    "Received: by two",
                    "\twith",
                    "  folds",
                    "Received: by three",
                    "From:",
                    " joe@example.com",
                    "Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=",
                    "List-Unsubscribe: <https://example.com/u>",
                    "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
                    "X-Other: 1",
                    ""),
            "From: j\u00fcrgen <joe@example.com>\r\nSubject: gr\u00fc\u00dfe\r\nSubject: again\r\nMIME-Version: 1.0\r\n");

    private static final byte[] END_OF_LINE = {'\r', '\n'};

    @TempDir
    Path folder;

    private final List<Path> mails = new ArrayList<>();
    private Path zone;

    private static KeySource key(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("RSA")) {
            pairs.initialize(2048);
        }
        return KeySource.bytes(pairs.generateKeyPair().getPrivate().getEncoded());
    }

    /** Mails of all kinds, each signed twice: on top with RSA, below with Ed25519. */
    @BeforeEach
    void sign() throws Exception {
        KeySource rsa = key("RSA");
        KeySource ed25519 = key("Ed25519");
        List<String> records = new ArrayList<>();
        for (Canonicalization header : Canonicalization.values()) {
            for (Canonicalization body : Canonicalization.values()) {
                for (boolean over : new boolean[] {false, true}) {
                    String kind = header + "-" + body + "-" + over;
                    DkimOptions.Builder options = DkimOptions.builder()
                            .domain("example.com")
                            .headerCanonicalization(header)
                            .bodyCanonicalization(body)
                            .overSign(over)
                            .expiration(Duration.ofDays(1))
                            .agentUserIdentifier("@news.example.com");
                    if (over) {
                        options.headers("From", "Received", "Subject", "To", "X-None");
                    }
                    String selector = "s" + records.size();
                    DkimSigner first = DkimSigner.of(
                            options.selector(selector).key(ed25519).build());
                    DkimSigner second = DkimSigner.of(
                            options.selector(selector + ".rsa").key(rsa).build());
                    records.add(first.recordName() + "\t" + first.record());
                    records.add(second.recordName() + "\t" + second.record());
                    write(kind, first, second);
                }
            }
        }
        zone = Files.write(folder.resolve("zone"), records);
    }

    private void write(String kind, DkimSigner... signers) throws IOException {
        for (int i = 0; i < HEADERS.size() + BODIES.size() - 1; i++) {
            int body = Math.max(0, i - HEADERS.size() + 1);
            String header = HEADERS.get(Math.min(i, HEADERS.size() - 1));
            Message message = new Message(
                    MessageId.next(Instant.EPOCH, new SplittableRandom(1)),
                    new Envelope(
                            EnvelopeAddress.parse("joe@example.com"),
                            List.of(EnvelopeAddress.parse("a@example.org")),
                            false),
                    new Meta(),
                    Content.of((header + "\r\n" + BODIES.get(body)).getBytes(UTF_8)));
            for (DkimSigner signer : signers) {
                signer.sign(message);
            }
            Path file = folder.resolve(kind + "-" + i + ".eml");
            try (OutputStream out = Files.newOutputStream(file)) {
                message.writeTo(out);
                if (!BODIES.get(body).isEmpty() && !BODIES.get(body).endsWith("\n")) {
                    out.write(END_OF_LINE); // as it is on the wire
                }
            }
            mails.add(file);
        }
    }

    /** A program of another language, if it has the library. */
    private Program judge(String program, String probe, String packages) throws Exception {
        Program judge = Program.named(program, program);
        String option = program.equals("perl") ? "-e" : "-c";
        if (judge.execute(Path.of("/dev/null"), List.of(option, probe)).code() != 0) {
            String missing = "apt-get install " + packages;
            if ("true".equals(System.getenv("CI"))) {
                fail(missing);
            }
            Assumptions.abort(missing);
        }
        return judge;
    }

    private List<String> judged(Program judge, String script) throws Exception {
        Path file = Files.writeString(folder.resolve("judge"), script);
        return judge.run(Path.of("/dev/null"), List.of(file.toString(), zone.toString(), folder.toString()))
                .lines()
                .toList();
    }

    private List<String> expected(String results) {
        return mails.stream().map(mail -> mail.getFileName() + results).sorted().toList();
    }

    @Test
    void dkimpyTakesAllOfThem() throws Exception {
        Program python = judge("python3", "import dkim, nacl", "python3-dkim python3-nacl");

        assertThat(judged(python, PYTHON)).isEqualTo(expected(" pass pass"));
    }

    @Test
    void dkimpySeesWhatWasChanged() throws Exception {
        Program python = judge("python3", "import dkim, nacl", "python3-dkim python3-nacl");
        for (Path mail : mails) {
            byte[] bytes = Files.readAllBytes(mail);
            String text = new String(bytes, ISO_8859_1);
            Files.write(mail, text.replace("joe@", "jim@").getBytes(ISO_8859_1));
        }

        assertThat(judged(python, PYTHON)).isEqualTo(expected(" fail fail"));
    }

    @Test
    void mailDkimTakesAllOfThem() throws Exception {
        Program perl = judge("perl", "use Mail::DKIM::Verifier; use Net::DNS;", "libmail-dkim-perl");

        assertThat(judged(perl, PERL)).isEqualTo(expected(" pass"));
    }

    @Test
    void aRecordGoesIntoAZone() throws Exception {
        DkimSigner signer = DkimSigner.of(DkimOptions.builder()
                .domain("example.com")
                .selector("mail")
                .key(KeySource.bytes(("-----BEGIN PRIVATE KEY-----\n"
                                + Base64.getMimeEncoder()
                                        .encodeToString(key("RSA").read())
                                + "\n-----END PRIVATE KEY-----\n")
                        .getBytes(UTF_8)))
                .build());
        Path key = Files.write(
                folder.resolve("public.der"),
                Base64.getDecoder().decode(signer.record().replaceFirst(".*p=", "")));

        assertThat(Program.named("openssl", "openssl")
                        .run(
                                Path.of("/dev/null"),
                                List.of("rsa", "-pubin", "-inform", "DER", "-text", "-noout", "-in", key.toString())))
                .contains("(2048 bit)");
        assertThat(signer.recordName()).isEqualTo("mail._domainkey.example.com");
        assertThat(mails.stream().map(Path::getFileName).map(Path::toString).collect(Collectors.toSet()))
                .hasSize(8 * (HEADERS.size() + BODIES.size() - 1));
    }
}
