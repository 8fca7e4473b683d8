package dev.kumo.http.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** One metric: a name, what it means, and a value for each combination of its labels. */
public final class Metric {

    /** How a metric behaves. */
    public enum Type {
        /** Only grows. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Counts by size. */
        HISTOGRAM
    }

    /** Upper bounds in seconds, those of KumoMTA. */
    public static final List<Double> BOUNDS = List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    /** The values of the labels, and the value for them. */
    public record Sample(List<String> labels, double value) {}

    /** The values of the labels, and how many were at most as large as each bound; the last count is all of them. */
    public record Distribution(List<String> labels, List<Long> cumulative, double sum) {}

    private final String name;
    private final String help;
    private final Type type;
    private final List<String> labels;
    private final Map<List<String>, LongAdder> counts = new ConcurrentHashMap<>();
    private final Map<List<String>, DoubleSupplier> gauges = new ConcurrentHashMap<>();
    private final Map<List<String>, Buckets> buckets = new ConcurrentHashMap<>();

    public Metric(Type type, String name, String help, String... labels) {
        this.type = type;
        this.name = name;
        this.help = help;
        this.labels = List.of(labels);
    }

    public String name() {
        return name;
    }

    public String help() {
        return help;
    }

    public Type type() {
        return type;
    }

    public List<String> labels() {
        return labels;
    }

    public void add(long count, String... values) {
        counts.computeIfAbsent(List.of(values), absent -> new LongAdder()).add(count);
    }

    Metric read(DoubleSupplier value, String... values) {
        gauges.put(List.of(values), value);
        return this;
    }

    void observe(double seconds, String... values) {
        buckets.computeIfAbsent(List.of(values), absent -> new Buckets()).add(seconds);
    }

    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        counts.forEach((values, count) -> samples.add(new Sample(values, count.sum())));
        gauges.forEach((values, gauge) -> samples.add(new Sample(values, gauge.getAsDouble())));
        samples.sort(Comparator.comparing(sample -> sample.labels().toString()));
        return samples;
    }

    public List<Distribution> distributions() {
        List<Distribution> all = new ArrayList<>();
        buckets.forEach((values, bucket) -> all.add(bucket.read(values)));
        all.sort(Comparator.comparing(distribution -> distribution.labels().toString()));
        return all;
    }

    private static final class Buckets {
        private final LongAdder[] counts = new LongAdder[BOUNDS.size() + 1];
        private final DoubleAdder sum = new DoubleAdder();

        Buckets() {
            for (int i = 0; i < counts.length; i++) {
                counts[i] = new LongAdder();
            }
        }

        void add(double value) {
            int bucket = 0;
            while (bucket < BOUNDS.size() && value > BOUNDS.get(bucket)) {
                bucket++;
            }
            counts[bucket].increment();
            sum.add(value);
        }

        Distribution read(List<String> values) {
            List<Long> cumulative = new ArrayList<>(counts.length);
            long total = 0;
            for (LongAdder count : counts) {
                total += count.sum();
                cumulative.add(total);
            }
            return new Distribution(values, cumulative, sum.sum());
        }
    }
}
