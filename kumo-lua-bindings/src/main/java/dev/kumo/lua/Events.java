package dev.kumo.lua;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The documented events: those that a script may handle, and those that would never come here. */
final class Events {

    static final String PRE_INIT = "pre_init";
    static final String INIT = "init";
    static final String CONNECTION_ACCEPTED = "smtp_server_connection_accepted";
    static final String EHLO = "smtp_server_ehlo";
    static final String AUTH_PLAIN = "smtp_server_auth_plain";
    static final String MAIL_FROM = "smtp_server_mail_from";
    static final String LISTENER_DOMAIN = "get_listener_domain";
    static final String RCPT_TO = "smtp_server_rcpt_to";
    static final String DATA = "smtp_server_data";
    static final String MESSAGE_RECEIVED = "smtp_server_message_received";

    /** Those of a session, in the order in which they come. */
    static final List<String> OF_A_SESSION =
            List.of(CONNECTION_ACCEPTED, EHLO, AUTH_PLAIN, MAIL_FROM, LISTENER_DOMAIN, RCPT_TO, DATA, MESSAGE_RECEIVED);

    /** What is missing for each of the others. */
    private static final Map<String, String> NOT_HERE = new TreeMap<>(Map.ofEntries(
            Map.entry("smtp_server_get_dynamic_parameters", "a listener has the same parameters for all sessions"),
            Map.entry("smtp_server_split_transaction", "a transaction becomes one message per recipient"),
            Map.entry("smtp_server_message_deferred_inject", "there is no deferred queue"),
            Map.entry("smtp_server_rewrite_response", "replies cannot be rewritten"),
            Map.entry("smtp_client_rewrite_delivery_status", "replies of next hops cannot be rewritten"),
            Map.entry("http_message_generated", "there is no injection over HTTP"),
            Map.entry("http_server_validate_auth_basic", "an HTTP listener asks policies in Java alone"),
            Map.entry("throttle_insert_ready_queue", "it is no event of this version"),
            Map.entry("requeue_message", "it is no event of this version"),
            Map.entry("rebind_message", "it is no event of this version"),
            Map.entry("spool_message_enumerated", "it is no event of this version"),
            Map.entry("should_enqueue_log_record", "log hooks are set up by code"),
            Map.entry("proxy_init", "there is no proxy")));

    private Events() {}

    /** Why a script cannot handle an event; empty if it can. */
    static Optional<String> trouble(String name) {
        if (known().contains(name)) {
            return Optional.empty();
        }
        String why = NOT_HERE.get(name);
        if (why != null) {
            return Optional.of("kumo.on: the event '" + name + "' never comes here: " + why);
        }
        return Optional.of("kumo.on: there is no event '" + Shown.of(name) + "'" + Nearest.hint(name, known()));
    }

    static List<String> known() {
        List<String> all = new ArrayList<>(List.of(PRE_INIT, INIT));
        all.addAll(OF_A_SESSION);
        all.addAll(QueueEvents.ALL);
        return all;
    }
}
