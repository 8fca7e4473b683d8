package dev.kumo.core.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The name of a mail system in a report, RFC 3464 section 2.1.1: {@code dns; mx.example.com}.
 *
 * @param type how to read the name, as written; {@code dns} for host names, and if a report names no type
 * @param name the name, perhaps with a comment of whoever wrote it
 */
public record MtaName(String type, String name) {

    static final String DNS = "dns";

    /**
     * The name of a host.
     *
     * @param host a domain name
     * @return the name with the type {@code dns}
     */
    public static MtaName dns(String host) {
        return new MtaName(DNS, host);
    }

    static MtaName read(String value) {
        Typed typed = Typed.read(value, DNS);
        return new MtaName(typed.type(), typed.text());
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("mta_type", type);
        map.put("name", name);
        return map;
    }

    /** As it stands in a report. */
    @Override
    public String toString() {
        return type + "; " + name;
    }
}
