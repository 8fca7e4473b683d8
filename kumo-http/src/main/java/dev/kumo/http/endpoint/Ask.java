package dev.kumo.http.endpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an endpoint is asked.
 *
 * @param query the parameters, decoded
 * @param body decompressed; empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Ask(Map<String, List<String>> query, byte[] body) {

    Optional<String> query(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }
}
