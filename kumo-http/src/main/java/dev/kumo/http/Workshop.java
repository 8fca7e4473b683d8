package dev.kumo.http;

import dev.kumo.core.Reception;
import dev.kumo.http.metric.Metrics;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What mail is made with: the same for all injections of a listener. */
record Workshop(
        Reception reception,
        Policies policies,
        Metrics metrics,
        String hostname,
        HttpLimits limits,
        InstantSource time,
        RandomGenerator random) {}
