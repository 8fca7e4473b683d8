package dev.kumo.smtp.client;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumo.core.mail.DomainName;

/** Without {@code JAZZER_FUZZ=1} this runs over the inputs that are kept beside it. */
class DnsTypeFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void theDataOfAnMxIsARecordOrRefused(byte[] rdata) {
        MxRecord record;
        try {
            record = DnsType.MX.decode(rdata);
        } catch (IllegalArgumentException refused) {
            return;
        }
        String host = record.host();
        if (!host.chars().allMatch(c -> c > ' ' && c < 0x7f) || record.preference() < 0 || host.length() > 1004) {
            throw new AssertionError(record);
        }
        try {
            DomainName.normalize(host);
        } catch (IllegalArgumentException noHostName) {
            return;
        }
        // What passes for a host name has as many labels as were sent.
        int labels = 1;
        for (int at = 2; rdata[at + rdata[at] + 1] != 0; at += rdata[at] + 1) {
            labels++;
        }
        if (!host.equals(".") && host.split("\\.", -1).length != labels) {
            throw new AssertionError(record);
        }
    }
}
