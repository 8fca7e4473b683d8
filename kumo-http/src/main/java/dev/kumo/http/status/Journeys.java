package dev.kumo.http.status;

import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The life of the last messages that anything was heard of, as the log tells it. */
final class Journeys {

    private static final int MESSAGES = 30;
    private static final int STEPS = 8;
    private static final int RECIPIENTS = 3;
    private static final int LONGEST = 300;

    private final Map<MessageId, Journey> journeys = new LinkedHashMap<>();

    /** The first step and the last ones; what is between is counted. */
    private static final class Journey {
        final MessageFacts facts;
        final List<Map<String, Object>> steps = new ArrayList<>(2);
        int leftOut;

        Journey(MessageFacts facts) {
            this.facts = facts;
        }

        void add(Map<String, Object> step) {
            if (steps.size() == STEPS) {
                steps.remove(1);
                leftOut++;
            }
            steps.add(step);
        }
    }

    synchronized void hear(LogRecord record) {
        if (record instanceof LogRecord.Reception r) {
            add(record, r.message(), null, null);
        } else if (record instanceof LogRecord.Delivery r) {
            add(record, r.message(), r.reply(), r.attempt());
        } else if (record instanceof LogRecord.TransientFailure r) {
            add(record, r.message(), r.reply(), r.attempt());
        } else if (record instanceof LogRecord.Bounce r) {
            add(record, r.message(), r.reply(), r.attempt());
        } else if (record instanceof LogRecord.Expiration r) {
            add(record, r.message(), r.reply(), null);
        } else if (record instanceof LogRecord.AdminBounce r) {
            add(record, r.message(), r.reply(), null);
        } else if (record instanceof LogRecord.AdminRebind r) {
            add(record, r.message(), r.reply(), null);
        } else if (record instanceof LogRecord.Delayed r) {
            add(record, r.message(), r.reply(), null);
        } else if (record instanceof LogRecord.Feedback r) {
            add(record, r.message(), null, null);
        } else if (record instanceof LogRecord.Oob r) {
            add(record, r.message(), null, null);
        }
    }

    private void add(LogRecord record, MessageFacts facts, @Nullable Reply reply, @Nullable Attempt attempt) {
        Journey journey = journeys.remove(facts.id());
        if (journey == null) {
            journey = new Journey(lean(facts));
        }
        journeys.put(facts.id(), journey); // the last one now
        journey.add(step(record.type(), record.at(), reply, attempt));
        if (journeys.size() > MESSAGES) {
            journeys.remove(journeys.keySet().iterator().next());
        }
    }

    /** Without what may be large and is not shown. */
    private static MessageFacts lean(MessageFacts facts) {
        return new MessageFacts(
                facts.id(),
                facts.sender(),
                facts.recipients(),
                facts.queue(),
                facts.size(),
                facts.attempts(),
                Map.of(),
                List.of());
    }

    private static Map<String, Object> step(String type, Instant at, @Nullable Reply reply, @Nullable Attempt attempt) {
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("type", type);
        step.put("at", at.toString());
        if (reply != null) {
            step.put("reply", shortened(reply.toString()));
        }
        if (attempt != null && !attempt.peerName().isEmpty()) {
            step.put("peer", shortened(attempt.peerName()));
        }
        return step;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** The latest first. */
    synchronized List<Object> json() {
        List<Object> all = new ArrayList<>(journeys.size());
        journeys.values().forEach(journey -> all.add(json(journey)));
        Collections.reverse(all);
        return all;
    }

    private static Map<String, Object> json(Journey journey) {
        MessageFacts facts = journey.facts;
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", facts.id().text());
        json.put("sender", shortened(facts.sender().toString()));
        json.put(
                "recipients",
                facts.recipients().stream()
                        .limit(RECIPIENTS)
                        .map(EnvelopeAddress::toString)
                        .map(Journeys::shortened)
                        .toList());
        json.put("more_recipients", Math.max(0, facts.recipients().size() - RECIPIENTS));
        json.put("queue", shortened(facts.queue().text()));
        json.put("size", facts.size());
        json.put("life", List.copyOf(journey.steps));
        json.put("left_out", journey.leftOut);
        return json;
    }
}
