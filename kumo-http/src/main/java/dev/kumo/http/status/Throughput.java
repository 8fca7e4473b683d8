package dev.kumo.http.status;

import dev.kumo.core.log.LogRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much has happened in each of the last seconds, and since the start. */
final class Throughput {

    static final int SECONDS = 120;

    private static final List<String> KINDS = List.of("received", "delivered", "deferred", "failed", "rejected");

    /** A row for each kind, a column for each second, the column of a second being that of its remainder. */
    private final int[][] counts = new int[KINDS.size()][SECONDS];

    private final long[] totals = new long[KINDS.size()];
    private long newest;

    synchronized void count(LogRecord record) {
        int kind = KINDS.indexOf(kind(record));
        if (kind >= 0) {
            long second = record.at().getEpochSecond();
            advance(second);
            totals[kind]++;
            if (second > newest - SECONDS) {
                counts[kind][column(second)]++;
            }
        }
    }

    private static String kind(LogRecord record) {
        return switch (record.type()) {
            case "Reception" -> "received";
            case "Delivery" -> "delivered";
            case "TransientFailure" -> "deferred";
            case "Bounce", "Expiration", "AdminBounce" -> "failed";
            case "Rejection" -> "rejected";
            default -> "";
        };
    }

    private void advance(long second) {
        for (long empty = Math.max(newest + 1, second - SECONDS + 1); empty <= second; empty++) {
            for (int[] row : counts) {
                row[column(empty)] = 0;
            }
        }
        newest = Math.max(newest, second);
    }

    private static int column(long second) {
        return Math.floorMod(second, SECONDS);
    }

    /** The counts of the seconds before this one, oldest first, and those since the start. */
    synchronized Map<String, Object> json(long second) {
        advance(second);
        Map<String, Object> json = new LinkedHashMap<>();
        Map<String, Object> since = new LinkedHashMap<>();
        for (int kind = 0; kind < KINDS.size(); kind++) {
            List<Integer> row = new ArrayList<>(SECONDS);
            for (long at = newest - SECONDS + 1; at < newest; at++) {
                row.add(counts[kind][column(at)]);
            }
            json.put(KINDS.get(kind), row);
            since.put(KINDS.get(kind), totals[kind]);
        }
        json.put("totals", since);
        return json;
    }
}
