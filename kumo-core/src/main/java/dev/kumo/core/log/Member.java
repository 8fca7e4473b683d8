package dev.kumo.core.log;

import java.util.Locale;

/** The members of a line, and of what is within them: named as the constants, in lower case, and encoded once. */
enum Member {
    TYPE,
    ID,
    SENDER,
    RECIPIENT,
    QUEUE,
    SITE,
    SIZE,
    RESPONSE,
    CODE,
    ENHANCED_CODE,
    CLASS,
    SUBJECT,
    DETAIL,
    CONTENT,
    COMMAND,
    PEER_ADDRESS,
    NAME,
    ADDR,
    TIMESTAMP,
    EVENT_TIME,
    CREATED,
    CREATED_TIME,
    NUM_ATTEMPTS,
    BOUNCE_CLASSIFICATION,
    EGRESS_POOL,
    EGRESS_SOURCE,
    SOURCE_ADDRESS,
    ADDRESS,
    FEEDBACK_REPORT,
    META,
    HEADERS,
    DELIVERY_PROTOCOL,
    RECEPTION_PROTOCOL,
    NODEID,
    TLS_CIPHER,
    TLS_PROTOCOL_VERSION,
    TLS_PEER_SUBJECT_NAME,
    SESSION_ID;

    /** In quotes, with the colon. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    final byte[] encoded = JsonBytes.ascii('"' + name().toLowerCase(Locale.ROOT) + "\":");
}
