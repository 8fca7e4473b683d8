package dev.kumo.core.mail;

import dev.kumo.core.text.Quoted;

/**
 * An enhanced mail system status code, RFC 3463 section 2: {@code class.subject.detail}.
 *
 * @param statusClass 2 for success, 4 for a failure that may pass, 5 for one that will not
 * @param subject 0 to 999
 * @param detail 0 to 999
 */
public record EnhancedStatus(int statusClass, int subject, int detail) {

    /**
     * Checks the three parts.
     *
     * @param statusClass 2, 4 or 5
     * @param subject 0 to 999
     * @param detail 0 to 999
     * @throws IllegalArgumentException if a part is out of range
     */
    public EnhancedStatus {
        if (statusClass != 2 && statusClass != 4 && statusClass != 5) {
            throw new IllegalArgumentException("enhanced status class must be 2, 4 or 5, not " + statusClass);
        }
        if (subject < 0 || subject > 999 || detail < 0 || detail > 999) {
            throw new IllegalArgumentException(
                    "enhanced status subject and detail must be 0 to 999, not " + subject + "." + detail);
        }
    }

    /**
     * Reads {@code class.subject.detail}.
     *
     * @param text for example {@code 5.7.1}
     * @return the status
     * @throws IllegalArgumentException if the text is anything else
     */
    public static EnhancedStatus parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length == 3) {
            try {
                return new EnhancedStatus(number(parts[0]), number(parts[1]), number(parts[2]));
            } catch (NumberFormatException notANumber) {
                // Falls through to the error that shows the whole text.
            }
        }
        throw new IllegalArgumentException("enhanced status must look like 5.7.1, not " + Quoted.of(text));
    }

    private static int number(String digits) {
        // No leading zeros: RFC 3463 section 2.
        if (digits.isEmpty()
                || digits.length() > 3
                || digits.length() > 1 && digits.charAt(0) == '0'
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new NumberFormatException(digits);
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String toString() {
        return statusClass + "." + subject + "." + detail;
    }
}
