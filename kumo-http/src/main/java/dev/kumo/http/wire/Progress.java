package dev.kumo.http.wire;

/** How far an {@link Exchange} is with a request. */
enum Progress {
    /** Before a request. */
    IDLE,
    /** Its body comes. */
    BODY,
    /** A policy or the handler has it. */
    WORKING,
    /** The client reads the answer. */
    ANSWERING,
    /** Nothing more is said. */
    OVER
}
