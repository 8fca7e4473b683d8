package dev.kumo.core.report;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Without {@code JAZZER_FUZZ=1} this runs over the inputs that are kept beside it. */
class FeedbackReportFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void aMessageIsAComplaintOrNone(byte[] message) throws IOException {
        SoundReports.readFeedback(message);
    }
}
