package dev.kumo.examples;

import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.http.HttpListener;
import dev.kumo.http.HttpListenerOptions;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A gateway's HTTP listener: a table of the key {@code http_listeners}.
 *
 * @param key its place in the file
 * @param table the documented keys of {@code start_http_listener}
 */
record HttpKeys(String key, Map<String, ?> table) {

    HttpKeys {
        listener(key, table, unchanged -> {}); // so that what is wrong is found when the file is read
    }

    /**
     * Makes the listener.
     *
     * @param more what a file cannot say
     */
    HttpListener listener(Consumer<HttpListener.Builder> more) {
        return listener(key, table, more);
    }

    HttpListenerOptions options() {
        return listener(unchanged -> {}).options();
    }

    private static HttpListener listener(String key, Map<String, ?> table, Consumer<HttpListener.Builder> more) {
        HttpListener.Builder builder = OptionTable.apply(key, table, HttpListener.builder());
        more.accept(builder);
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new OptionException(key, String.valueOf(e.getMessage()), e);
        }
    }
}
