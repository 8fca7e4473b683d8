package dev.kumo.http;

import java.util.List;
import java.util.SortedMap;

/**
 * What became of an injection.
 *
 * @param successCount {@code success_count}: recipients whose message was received; none if it is to be generated later
 * @param failCount {@code fail_count}: recipients whose message was not
 * @param failedRecipients {@code failed_recipients}: the addresses of the latter, as they were given, in order
 * @param errors {@code errors}: for each of them its address and what was wrong
 */
public record InjectResult(int successCount, int failCount, List<String> failedRecipients, List<String> errors) {

    /**
     * Copies the lists.
     *
     * @param successCount recipients whose message was received
     * @param failCount recipients whose message was not
     * @param failedRecipients the addresses of the latter
     * @param errors for each of them what was wrong
     */
    public InjectResult {
        failedRecipients = List.copyOf(failedRecipients);
        errors = List.copyOf(errors);
    }

    /** Of a request; what failed by the place of the recipient in it. */
    static InjectResult of(
            int successCount, List<InjectRequest.Recipient> recipients, SortedMap<Integer, String> failures) {
        return new InjectResult(
                successCount,
                failures.size(),
                failures.keySet().stream()
                        .map(place -> recipients.get(place).email())
                        .toList(),
                failures.entrySet().stream()
                        .map(failure -> recipients.get(failure.getKey()).email() + ": " + failure.getValue())
                        .toList());
    }
}
