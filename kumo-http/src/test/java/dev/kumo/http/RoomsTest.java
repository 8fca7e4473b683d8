package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map in {@code package-info.java}, as far as a test can hold it. */
class RoomsTest {

    private static final String FACE = "dev.kumo.http";

    /** A room uses only those to the left of it. */
    private static final List<String> ORDER = Stream.of(
                    ".answer",
                    ".secret",
                    ".metric",
                    ".mime",
                    ".template",
                    ".wire",
                    ".endpoint",
                    ".status",
                    ".trace",
                    "")
            .map(name -> FACE + name)
            .toList();

    private static final Pattern USE =
            Pattern.compile("^ +(dev\\.kumo\\.http\\S*) +-> (dev\\.kumo\\.http\\S*)", Pattern.MULTILINE);

    @Test
    void noRoomUsesOneAboveIt() throws Exception {
        Path classes = Path.of(HttpListener.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve("dev"); // without the module descriptor, for which the libraries would have to be found
        StringWriter uses = new StringWriter();
        ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(new PrintWriter(uses), new PrintWriter(uses), "-verbose:package", classes.toString());

        List<MatchResult> found = USE.matcher(uses.toString()).results().toList();
        assertThat(found).as("%s", uses).extracting(use -> use.group(1)).contains(FACE, FACE + ".wire");
        assertThat(found)
                .allSatisfy(use -> assertThat(ORDER.indexOf(use.group(2)))
                        .as("%s uses %s", use.group(1), use.group(2))
                        .isBetween(0, ORDER.indexOf(use.group(1)) - 1));
    }
}
