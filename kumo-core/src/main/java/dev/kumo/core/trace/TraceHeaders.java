package dev.kumo.core.trace;

import dev.kumo.core.text.FieldName;
import dev.kumo.core.text.Quoted;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which trace headers a listener adds to the messages it receives: its {@code trace_headers} table.
 *
 * @param receivedHeader {@code received_header}: whether to add {@code Received}, RFC 5321 section 4.4. Default true
 * @param supplementalHeader {@code supplemental_header}: whether to add the supplemental header, by which a complaint
 *     can be matched with the mailing it is about. Default true
 * @param headerName {@code header_name}: the name of the supplemental header, printable ASCII without a colon. One
 *     that does not begin with {@code X-} is not found again in a complaint. Default {@code X-KumoRef}
 * @param includeMetaNames {@code include_meta_names}: the names of meta data to carry in the supplemental header, where
 *     a message has them. The header is encoded but not encrypted: what is carried is public. Default none
 */
public record TraceHeaders(
        boolean receivedHeader, boolean supplementalHeader, String headerName, List<String> includeMetaNames) {

    /** Fields of RFC 5322 section 3.6 and of MIME, which a second one would contradict. */
    private static final Set<String> OWNED = Set.of(
            "return-path",
            "received",
            "date",
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "message-id",
            "in-reply-to",
            "references",
            "subject",
            "comments",
            "keywords",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "content-disposition",
            "dkim-signature",
            "authentication-results");

    private static final int LONGEST_NAME = 128;

    /**
     * Checks the names and copies the list.
     *
     * @param receivedHeader whether to add {@code Received}
     * @param supplementalHeader whether to add the supplemental header
     * @param headerName the name of the supplemental header
     * @param includeMetaNames the names of meta data to carry in it
     * @throws IllegalArgumentException if the header name is not printable ASCII without a colon, or longer than 128
     *     characters; or if a meta name is empty or one of {@code recipient} and {@code _@_}, which the header always
     *     has
     */
    public TraceHeaders {
        if (OWNED.contains(headerName.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("header_name cannot be " + Quoted.of(headerName)
                    + ", which has a meaning of its own; choose a name such as X-KumoRef");
        }
        if (!FieldName.isOne(headerName) || headerName.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("header_name " + Quoted.of(headerName)
                    + " must be 1 to 128 characters of printable ASCII without a colon, such as 'X-KumoRef'");
        }
        includeMetaNames = List.copyOf(includeMetaNames);
        for (String name : includeMetaNames) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("include_meta_names has an empty name; remove it");
            }
            if (name.equals(SupplementalHeader.MARKER_NAME) || name.equals(SupplementalHeader.RECIPIENT_NAME)) {
                throw new IllegalArgumentException("include_meta_names has " + Quoted.of(name)
                        + ", which the header uses for itself; remove it or rename the meta data");
            }
        }
    }

    /**
     * Starts from the defaults.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts from these options.
     *
     * @return a builder for a changed copy
     */
    public Builder toBuilder() {
        return builder()
                .receivedHeader(receivedHeader)
                .supplementalHeader(supplementalHeader)
                .headerName(headerName)
                .includeMetaNames(includeMetaNames);
    }

    /** Collects options; one setter for each documented key. */
    public static final class Builder {

        private boolean receivedHeader = true;
        private boolean supplementalHeader = true;
        private String headerName = "X-KumoRef";
        private List<String> includeMetaNames = List.of();

        private Builder() {}

        /**
         * Sets {@code received_header}.
         *
         * @param add whether to add {@code Received}
         * @return this
         */
        public Builder receivedHeader(boolean add) {
            receivedHeader = add;
            return this;
        }

        /**
         * Sets {@code supplemental_header}.
         *
         * @param add whether to add the supplemental header
         * @return this
         */
        public Builder supplementalHeader(boolean add) {
            supplementalHeader = add;
            return this;
        }

        /**
         * Sets {@code header_name}.
         *
         * @param name the name of the supplemental header; {@link #build} checks it
         * @return this
         */
        public Builder headerName(String name) {
            headerName = name;
            return this;
        }

        /**
         * Sets {@code include_meta_names}.
         *
         * @param names names of meta data whose values may be public; {@link #build} checks them
         * @return this
         */
        public Builder includeMetaNames(String... names) {
            return includeMetaNames(List.of(names));
        }

        /**
         * Sets {@code include_meta_names}.
         *
         * @param names names of meta data whose values may be public; {@link #build} checks them
         * @return this
         */
        public Builder includeMetaNames(List<String> names) {
            includeMetaNames = List.copyOf(names);
            return this;
        }

        /**
         * Ends the options.
         *
         * @return what was set, and defaults for the rest
         * @throws IllegalArgumentException if a name is not fit, see {@link TraceHeaders}
         */
        public TraceHeaders build() {
            return new TraceHeaders(receivedHeader, supplementalHeader, headerName, includeMetaNames);
        }
    }
}
