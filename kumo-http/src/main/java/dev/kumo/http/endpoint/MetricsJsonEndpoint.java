package dev.kumo.http.endpoint;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.metric.Metric;
import dev.kumo.http.metric.Metrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /metrics.json}: the metrics in the shape that KumoMTA gives them. */
final class MetricsJsonEndpoint {

    private MetricsJsonEndpoint() {}

    static Endpoint endpoint(Metrics metrics) {
        Operation operation = Operation.of("Read the metrics as JSON")
                .id("metrics_json")
                .tag("metrics")
                .answer(200, "Metrics by name", "application/json", Schemas.table("by name"));
        return Endpoint.trusted("GET", "/metrics.json", operation, ask -> Answer.json(200, json(metrics)));
    }

    private static Map<String, Object> json(Metrics metrics) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Metric metric : metrics.all()) {
            Object value = value(metric);
            if (value != null) {
                Map<String, Object> members = new LinkedHashMap<>();
                members.put("help", metric.help());
                members.put("type", metric.type().name().toLowerCase(Locale.ROOT));
                members.put("value", value);
                all.put(metric.name(), members);
            }
        }
        return all;
    }

    /** A number without labels, a table by one label, a list for several; null if there is none yet. */
    private static @Nullable Object value(Metric metric) {
        Map<List<String>, Object> values = new LinkedHashMap<>();
        metric.samples().forEach(sample -> values.put(sample.labels(), number(sample.value())));
        metric.distributions().forEach(distribution -> values.put(distribution.labels(), histogram(distribution)));
        if (values.isEmpty()) {
            return null;
        }
        List<String> labels = metric.labels();
        if (labels.isEmpty()) {
            return values.values().iterator().next();
        }
        if (labels.size() == 1) {
            Map<String, Object> byLabel = new LinkedHashMap<>();
            values.forEach((label, value) -> byLabel.put(label.get(0), value));
            return Map.of(labels.get(0), byLabel);
        }
        List<Object> list = new ArrayList<>();
        values.forEach((label, value) -> {
            Map<String, Object> item = new LinkedHashMap<>();
            for (int i = 0; i < labels.size(); i++) {
                item.put(labels.get(i), label.get(i));
            }
            item.put("@", value);
            list.add(item);
        });
        return list;
    }

    private static Object histogram(Metric.Distribution distribution) {
        List<Long> counts = distribution.cumulative();
        long count = counts.get(counts.size() - 1);
        List<Object> buckets = new ArrayList<>();
        for (int i = 0; i < Metric.BOUNDS.size(); i++) {
            buckets.add(List.of(Metric.BOUNDS.get(i), counts.get(i)));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("count", count);
        members.put("sum", distribution.sum());
        members.put("avg", count == 0 ? 0 : distribution.sum() / count);
        members.put("bucket", buckets);
        return members;
    }

    private static Number number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? (Number) (long) value : (Number) value;
    }
}
