package dev.kumo.core.report;

import dev.kumo.core.mail.Content;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** What holds of whatever is read of any bytes. */
final class SoundReports {

    private static final JsonMapper JSON = JsonMapper.shared();

    private SoundReports() {}

    static boolean readBounce(byte[] message) throws IOException {
        Optional<BounceReport> report = BounceReport.read(Content.of(message));
        report.ifPresent(bounce -> {
            require(!bounce.recipients().isEmpty(), "no recipients");
            for (BounceReport.Recipient recipient : bounce.recipients()) {
                BounceReport.Response response = recipient.response();
                require(response.code() >= 200 && response.code() < 600, response);
                requireOneLine(response.content());
                requireOneLine(recipient.address());
            }
            requireOriginal(bounce.originalMessage());
            requireSound(bounce.asMap());
        });
        return report.isPresent();
    }

    static boolean readFeedback(byte[] message) throws IOException {
        Optional<FeedbackReport> report = FeedbackReport.read(Content.of(message));
        report.ifPresent(complaint -> {
            require(!complaint.feedbackType().isEmpty(), "no type");
            requireOriginal(complaint.originalMessage());
            requireSound(complaint.asMap());
        });
        return report.isPresent();
    }

    private static void requireOriginal(Optional<OriginalMessage> original) {
        original.ifPresent(message -> {
            require(message.bytes().length <= OriginalMessage.MOST_BYTES, "an original too long");
            message.headers();
        });
    }

    private static void requireSound(Map<String, Object> map) {
        JSON.writeValueAsString(map);
        map.forEach((name, value) -> {
            if (!name.equals("original_message") && !name.equals("supplemental_trace")) {
                requireOneLine(value);
            }
        });
    }

    private static void requireOneLine(Object value) {
        if (value instanceof String text) {
            require(text.chars().noneMatch(Character::isISOControl), text);
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(SoundReports::requireOneLine);
        } else if (value instanceof Collection<?> list) {
            list.forEach(SoundReports::requireOneLine);
        }
    }

    private static void require(boolean held, Object what) {
        if (!held) {
            throw new AssertionError(what.toString());
        }
    }
}
