package dev.kumo.http;

/**
 * The methods that a route may answer, RFC 9110 section 9.3 and RFC 5789. HEAD is answered wherever GET is, and OPTIONS
 * everywhere.
 */
public enum Method {
    /** Reads. */
    GET,
    /** Does something. */
    POST,
    /** Puts something in the place of what was. */
    PUT,
    /** Changes a part. */
    PATCH,
    /** Removes. */
    DELETE
}
