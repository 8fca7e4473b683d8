package dev.kumo.http.endpoint;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.metric.Metric;
import dev.kumo.http.metric.Metrics;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code GET /metrics}: the text format of Prometheus, version 0.0.4. */
final class MetricsEndpoint {

    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private MetricsEndpoint() {}

    static Endpoint endpoint(Metrics metrics) {
        Operation operation = Operation.of("Read the metrics as Prometheus does")
                .id("metrics")
                .tag("metrics")
                .parameter("query", "prefix", false, "put in front of each name", Map.of("type", "string"))
                .answer(200, "Metrics", "text/plain", Map.of("type", "string"))
                .answer(400, "No prefix");
        return Endpoint.trusted("GET", "/metrics", operation, ask -> {
            String prefix = ask.query("prefix").orElse("");
            if (!prefix.matches("(?:[A-Za-z_:][A-Za-z0-9_:]{0,99})?")) {
                throw new RefusedException(400, "a prefix is at most 100 letters, digits, '_' and ':', no digit first");
            }
            return Answer.of(200, TYPE, Answer.text(200, write(metrics, prefix)).body());
        });
    }

    private static String write(Metrics metrics, String prefix) {
        StringBuilder out = new StringBuilder(4096);
        for (Metric metric : metrics.all()) {
            String name = prefix + metric.name();
            List<Metric.Sample> samples = metric.samples();
            List<Metric.Distribution> distributions = metric.distributions();
            if (samples.isEmpty() && distributions.isEmpty()) {
                continue;
            }
            out.append("# HELP ").append(name).append(' ').append(metric.help()).append('\n');
            out.append("# TYPE ").append(name).append(' ');
            out.append(metric.type().name().toLowerCase(Locale.ROOT)).append('\n');
            for (Metric.Sample sample : samples) {
                line(out, name, labels(metric, sample.labels(), ""), sample.value());
            }
            for (Metric.Distribution distribution : distributions) {
                histogram(out, name, metric, distribution);
            }
        }
        return out.toString();
    }

    private static void histogram(StringBuilder out, String name, Metric metric, Metric.Distribution distribution) {
        List<Long> counts = distribution.cumulative();
        for (int i = 0; i < counts.size(); i++) {
            String bound = i < Metric.BOUNDS.size() ? number(Metric.BOUNDS.get(i)) : "+Inf";
            line(out, name + "_bucket", labels(metric, distribution.labels(), bound), counts.get(i));
        }
        line(out, name + "_sum", labels(metric, distribution.labels(), ""), distribution.sum());
        line(out, name + "_count", labels(metric, distribution.labels(), ""), counts.get(counts.size() - 1));
    }

    private static void line(StringBuilder out, String name, String labels, double value) {
        out.append(name).append(labels).append(' ').append(number(value)).append('\n');
    }

    private static String labels(Metric metric, List<String> values, String bound) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            label(out, metric.labels().get(i), values.get(i));
        }
        if (!bound.isEmpty()) {
            label(out, "le", bound);
        }
        return out.isEmpty() ? "" : out.append('}').toString();
    }

    private static void label(StringBuilder out, String name, String value) {
        out.append(out.isEmpty() ? '{' : ',').append(name).append("=\"");
        out.append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        out.append('"');
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
