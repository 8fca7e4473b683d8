package dev.kumo.smtp.client;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Without {@code JAZZER_FUZZ=1} this runs over the inputs that are kept beside it. */
class MtaStsPolicyFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void aTextIsAPolicyOrRefused(byte[] octets) {
        MtaStsPolicy policy;
        try {
            policy = MtaStsPolicy.parse(new String(octets, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            require(refused.getMessage().chars().allMatch(c -> c >= ' ' && c < 0x7f), refused.getMessage());
            return;
        }
        require(policy.mode() == MtaStsPolicy.Mode.NONE || !policy.mx().isEmpty(), policy);
        for (String mx : policy.mx()) {
            require(mx.chars().allMatch(c -> c > ' ' && c < 0x7f), mx);
            require(policy.matches(mx.startsWith("*.") ? "x" + mx.substring(1) : mx), mx);
        }
        require(!policy.matches("") && !policy.matches("."), policy);
    }

    private static void require(boolean held, Object what) {
        if (!held) {
            throw new AssertionError(what.toString());
        }
    }
}
