package dev.kumo.core;

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

class LayersTest {

    private static final String ROOT = "dev.kumo.core";

    /** A package uses only those to the left of it. */
    private static final List<String> ORDER = Stream.of(
                    ".text",
                    ".thread",
                    ".net",
                    ".options",
                    ".mail",
                    ".listen",
                    ".trace",
                    ".report",
                    ".policy",
                    ".spool",
                    ".log",
                    ".log.sink",
                    ".log.file",
                    ".log.webhook",
                    ".log.micrometer",
                    ".log.jfr",
                    ".delivery",
                    ".queue",
                    "")
            .map(name -> ROOT + name)
            .toList();

    private static final Pattern USE = Pattern.compile("^ +(dev\\.kumo\\S+) +-> (dev\\.kumo\\S+)", Pattern.MULTILINE);

    @Test
    void noPackageUsesOneAboveIt() throws Exception {
        Path classes = Path.of(Mta.class
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
        assertThat(found).as("%s", uses).extracting(use -> use.group(1)).contains(ROOT, ROOT + ".trace");
        assertThat(found)
                .allSatisfy(use -> assertThat(ORDER.indexOf(use.group(2)))
                        .as("%s uses %s", use.group(1), use.group(2))
                        .isBetween(0, ORDER.indexOf(use.group(1)) - 1));
    }
}
