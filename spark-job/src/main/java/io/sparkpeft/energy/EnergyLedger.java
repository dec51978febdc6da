package io.sparkpeft.energy;

import io.sparkpeft.energy.host.Counter;
import io.sparkpeft.energy.host.Reading;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Adds up what the counters of all hosts say, and shares it out among the parts of a run. Several processes may read the
 * same host: a counter is followed by the host's own clock, so it counts once, and a reading that comes late counts for
 * nothing. What a counter rose by between two readings is shared out by the time that each part was on between the
 * moments at which the driver got them. What is lost when an executor is lost is at most what its host used since it
 * was heard of last. Safe for threads.
 */
final class EnergyLedger {
    /** No machine makes a counter run through its range faster: more time between two readings is left out. */
    private static final double MOST_WATTS = 1000;

    private final Spans spans;
    private final Map<String, Followed> counters = new HashMap<>();
    private final Map<Place, Map<String, Double>> joules = new LinkedHashMap<>();
    private final Map<String, String> unreadable = new TreeMap<>();
    private final Set<String> readable = new TreeSet<>();
    private final Set<String> heardOf = new TreeSet<>();

    EnergyLedger(Place first, long now) {
        this.spans = new Spans(first, now);
    }

    /** Where a counter stood, by the host's clock and when the driver got it. */
    private record Followed(long microjoules, long read, long received) {}

    /** Another part of the run begins. */
    synchronized void turn(Place next, long now) {
        spans.turn(next, now);
    }

    /**
     * Takes what a process read.
     *
     * @param process the executor's id, or the driver's
     * @param now when the driver got it
     */
    synchronized void accept(String process, Reading reading, long now) {
        heardOf.add(process);
        if (reading.failed()) {
            unreadable.putIfAbsent(reading.host(), "%s: %s".formatted(reading.name(), reading.failure()));
            return;
        }
        readable.add(reading.host());
        for (Counter counter : reading.counters()) {
            follow(reading.host() + "/" + counter.name(), counter, reading.nanoseconds(), now);
        }
    }

    private void follow(String name, Counter counter, long read, long now) {
        Followed before = counters.get(name);
        if (before != null && read <= before.read) {
            return;
        }
        counters.put(name, new Followed(counter.microjoules(), read, now));
        if (before == null || (read - before.read) / 1e9 > counter.range() / 1e6 / MOST_WATTS) {
            return;
        }
        long rise = counter.microjoules() - before.microjoules;
        double used = (rise >= 0 ? rise : rise + counter.range()) / 1e6;
        spans.shares(before.received, now)
                .forEach((place, share) -> joules.computeIfAbsent(place, any -> new TreeMap<>())
                        .merge(counter.part(), used * share, Double::sum));
    }

    /** Joules of each part by what was counted. */
    synchronized Map<Place, Map<String, Double>> joules() {
        Map<Place, Map<String, Double>> copy = new LinkedHashMap<>();
        joules.forEach((place, parts) -> copy.put(place, new TreeMap<>(parts)));
        return copy;
    }

    /**
     * Why the joules are not those of all hosts; empty where they are.
     *
     * @param processes that worked for the run
     */
    synchronized String gap(Set<String> processes) {
        for (Map.Entry<String, String> host : unreadable.entrySet()) {
            if (!readable.contains(host.getKey())) {
                return host.getValue();
            }
        }
        for (String process : new TreeSet<>(processes)) {
            if (!heardOf.contains(process)) {
                return process.equals("driver")
                        ? "spark.plugins does not name io.sparkpeft.metrics.MetricsPlugin"
                        : "executor %s told nothing".formatted(process);
            }
        }
        return "";
    }
}
