package dev.kumo.core.log;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An expression and the class of the replies in which it is found. */
final class BounceRule {

    private static final Logger LOG = LoggerFactory.getLogger(BounceRule.class);

    private final String type;
    private final Pattern pattern;
    private final AtomicBoolean told = new AtomicBoolean();

    BounceRule(String type, Pattern pattern) {
        this.type = type;
        this.pattern = pattern;
    }

    String type() {
        return type;
    }

    /** False also if it cannot be told within the steps of the text. */
    boolean isFoundIn(CountedText text) {
        try {
            return pattern.matcher(text).find();
        } catch (CountedText.TooManySteps | StackOverflowError tooComplex) {
            if (!told.getAndSet(true)) {
                LOG.warn(
                        "rules.{}: {} takes too long on some replies, and is passed over for them; make it simpler",
                        type,
                        pattern);
            }
            return false;
        }
    }
}
