package dev.kumo.core.log;

import dev.kumo.core.mail.Reply;
import dev.kumo.core.text.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Tells from a negative reply why mail was not taken, in a word that can be counted, such as {@code InvalidRecipient}
 * or {@code QuotaIssues}: the {@code bounce_classification} of log records.
 *
 * <p>Its rules are regular expressions by class, tried in their order; the first that is found in the reply decides.
 * The reply is one line, {@code 550 5.1.1 no such user}, without the status if it has none, and cut after 1,024
 * characters.
 *
 * <p>However a reply is made, it takes no more than some hundredths of a second. An expression that cannot be told
 * within its part of that counts as not found, which is said in the log once, and once all of it is used up no more are
 * tried.
 *
 * <p>A classifier never changes and may be used by any number of threads.
 */
public final class BounceClassifier {

    /** The class of a reply for which there is no rule. */
    public static final String UNCATEGORIZED = "Uncategorized";

    private static final int LONGEST_LINE = 1_024;

    /** An expression that starts with {@code .*} takes half as many, at worst, on the longest line. */
    private static final int MOST_STEPS_OF_A_RULE = 2_000_000;

    private static final int MOST_STEPS = 4 * MOST_STEPS_OF_A_RULE;

    private static final Pattern CLASS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final Pattern BREAKS = Pattern.compile("[\\r\\n]+");

    private final List<BounceRule> rules;

    private BounceClassifier(List<BounceRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * The rules that come with this library. They go by the enhanced status codes as IANA registers them (RFC 5248),
     * and where a status says little or is missing, by common words.
     *
     * @return a classifier
     */
    public static BounceClassifier standard() {
        String name = "bounce-rules.json";
        try (InputStream file = BounceClassifier.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing from the library");
            }
            return new BounceClassifier(compile(BounceRuleFile.read(file.readAllBytes()), name + ": "));
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }

    /**
     * Reads rules from files. They have the shape of KumoMTA's, a table {@code rules} of lists of expressions by class,
     * in JSON:
     *
     * <pre>{@code
     * {"rules": {
     *   "QuotaIssues": ["^452 4\\.2\\.2 ", "(?i)over quota"]
     * }}
     * }</pre>
     *
     * <p>{@code rules} may also be a list of such tables, one tried after the other, so that a class can have rules at
     * more than one place. TOML is not read; who has it as a table gives that to {@link #of}.
     *
     * @param files in UTF-8, tried in this order
     * @return a classifier with the rules of all of the files, and no others
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if a file has another form, or an expression does not compile; the message names
     *     the file, the class and the expression
     */
    public static BounceClassifier read(Path... files) throws IOException {
        List<BounceRule> rules = new ArrayList<>();
        for (Path file : files) {
            rules.addAll(compile(BounceRuleFile.read(file), Quoted.of(file.toString()) + ": "));
        }
        return new BounceClassifier(rules);
    }

    /**
     * Takes rules from a table.
     *
     * @param rules regular expressions (of {@link Pattern}) by class, tried in the order of the table; a class is 1 to
     *     64 letters, digits, {@code _}, {@code .} and {@code -}
     * @return a classifier
     * @throws IllegalArgumentException if a class has another form, or an expression does not compile; the message
     *     names both
     */
    public static BounceClassifier of(Map<String, ? extends Collection<String>> rules) {
        return new BounceClassifier(compile(List.of(rules), ""));
    }

    private static List<BounceRule> compile(
            List<? extends Map<String, ? extends Collection<String>>> tables, String where) {
        List<BounceRule> compiled = new ArrayList<>();
        for (Map<String, ? extends Collection<String>> table : tables) {
            table.forEach((type, expressions) -> {
                if (!CLASS.matcher(type).matches()) {
                    throw new IllegalArgumentException(where
                            + "a class of bounces is 1 to 64 letters, digits, '_', '.' or '-', not " + Quoted.of(type));
                }
                expressions.forEach(expression -> compiled.add(compile(type, expression, where)));
            });
        }
        return compiled;
    }

    private static BounceRule compile(String type, String expression, String where) {
        try {
            return new BounceRule(type, Pattern.compile(expression));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    where + "rules." + type + ": " + Quoted.of(expression) + " is not a regular expression: "
                            + e.getDescription(),
                    e);
        }
    }

    List<BounceRule> rules() {
        return rules;
    }

    /**
     * Classifies a reply.
     *
     * @param reply what was said
     * @return the class; {@link #UNCATEGORIZED} if there is no rule for it
     */
    public String classify(Reply reply) {
        StringBuilder line = new StringBuilder().append(reply.code());
        reply.status().ifPresent(status -> line.append(' ').append(status));
        for (String text : reply.lines()) {
            line.append(' ').append(text);
        }
        return classify(line.toString());
    }

    /**
     * Classifies the text of a reply, as a bounce that came in as mail has it.
     *
     * @param line such as {@code 550 5.1.1 no such user}; line breaks count as blanks
     * @return the class; {@link #UNCATEGORIZED} if there is no rule for it
     */
    public String classify(String line) {
        String cut = BREAKS.matcher(line.substring(0, Math.min(line.length(), LONGEST_LINE)))
                .replaceAll(" ");
        int steps = 0;
        for (BounceRule rule : rules) {
            if (steps > MOST_STEPS - MOST_STEPS_OF_A_RULE) {
                break;
            }
            CountedText text = new CountedText(cut, MOST_STEPS_OF_A_RULE);
            if (rule.isFoundIn(text)) {
                return rule.type();
            }
            steps += text.steps();
        }
        return UNCATEGORIZED;
    }
}
