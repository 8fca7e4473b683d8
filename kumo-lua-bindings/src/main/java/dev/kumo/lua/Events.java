package dev.kumo.lua;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events that a script may handle. */
final class Events {

    static final String PRE_INIT = "pre_init";
    static final String INIT = "init";
    static final String VALIDATE = "validate_config";
    static final String CONNECTION_ACCEPTED = "smtp_server_connection_accepted";
    static final String EHLO = "smtp_server_ehlo";
    static final String AUTH_PLAIN = "smtp_server_auth_plain";
    static final String MAIL_FROM = "smtp_server_mail_from";
    static final String LISTENER_DOMAIN = "get_listener_domain";
    static final String RCPT_TO = "smtp_server_rcpt_to";
    static final String DATA = "smtp_server_data";
    static final String MESSAGE_RECEIVED = "smtp_server_message_received";
    static final String AUTH_BASIC = "http_server_validate_auth_basic";
    static final String AUTH_BEARER = "http_server_validate_auth_bearer";
    static final String MESSAGE_GENERATED = "http_message_generated";
    static final String REQUEUE = "requeue_message";
    static final String REBIND = "rebind_message";
    static final String LOG_RECORD = "should_enqueue_log_record";

    /** Those of a session, in the order in which they come. */
    static final List<String> OF_A_SESSION =
            List.of(CONNECTION_ACCEPTED, EHLO, AUTH_PLAIN, MAIL_FROM, LISTENER_DOMAIN, RCPT_TO, DATA, MESSAGE_RECEIVED);

    /** Those of a request. */
    static final List<String> OF_HTTP = List.of(AUTH_BASIC, AUTH_BEARER, MESSAGE_GENERATED);

    /** Those of a message that is in the queues. */
    static final List<String> OF_A_QUEUED_MESSAGE = List.of(REQUEUE, REBIND);

    /** For these something is offered to clients, so a script that handles one later cannot make up for it. */
    static final List<String> OFFERED = List.of(AUTH_PLAIN, AUTH_BASIC, AUTH_BEARER);

    private Events() {}

    /** Why a script cannot handle an event; empty if it can. */
    static Optional<String> trouble(String name) {
        if (known().contains(name)) {
            return Optional.empty();
        }
        return Optional.of(NotHere.reason(name)
                .map(why -> "kumo.on: the event '" + name + "' never comes here: " + why)
                .orElseGet(() -> unknown(name)));
    }

    private static String unknown(String name) {
        if (name.startsWith("make.")) {
            return "kumo.on: '" + Shown.of(name) + "' would make connections of a queue in Lua, which there are none of"
                    + " here; for records, kumo.configure_log_hook takes the url of a web server";
        }
        return "kumo.on: there is no event '" + Shown.of(name) + "'" + Nearest.hint(name, known());
    }

    static List<String> known() {
        List<String> all = new ArrayList<>(List.of(PRE_INIT, INIT, VALIDATE));
        all.addAll(OF_A_SESSION);
        all.addAll(OF_HTTP);
        all.addAll(QueueEvents.ALL);
        all.addAll(OF_A_QUEUED_MESSAGE);
        all.add(LOG_RECORD);
        return all;
    }
}
