package io.sparkpeft.benchmark.round;

import io.sparkpeft.benchmark.figure.ProcessTime;
import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.spark.Traffic;
import io.sparkpeft.stage.train.TrainRounds;
import java.util.Arrays;

/** The times of rounds, each from the end of the one before to its own, its checkpoint included. */
final class RoundTrips {
    private final double[] trips;
    private final double[] tasks;
    private int rounds;
    private long since;
    private final Traffic traffic;
    private Traffic.Totals before;
    private double processor;

    /** @param most rounds that come */
    RoundTrips(int most, Traffic traffic) {
        this.traffic = traffic;
        this.before = traffic.totals();
        this.trips = new double[most];
        this.tasks = new double[most];
    }

    void start() {
        since = System.nanoTime();
    }

    void done(TrainRounds.Done done) {
        long now = System.nanoTime();
        trips[rounds] = (now - since) / 1e6;
        tasks[rounds] = 1e3 * done.seconds();
        rounds++;
        if (rounds == half()) {
            before = traffic.totals();
            processor = ProcessTime.milliseconds();
        }
        since = System.nanoTime();
    }

    /** The rounds before warm the program up. */
    private int half() {
        return trips.length / 2;
    }

    Report report(Report report) {
        double used = ProcessTime.milliseconds() - processor;
        Traffic.Totals moved = traffic.totals().minus(before);
        double measured = rounds - half();
        return report.figure("cold_ms", trips[0], "first round, ms", "%.1f")
                .spread("round", "ms", Arrays.copyOfRange(trips, half(), rounds), "round trip, second half")
                .spread("cluster", "ms", Arrays.copyOfRange(tasks, half(), rounds), "of it broadcast to merge")
                .figure("processor_ms", used / measured, "processor time of a round, ms", "%.1f")
                .figure("bytes_down", moved.broadcastBytes() / measured, "broadcast a round, bytes", "%,.0f")
                .figure("result_bytes", moved.resultBytes() / measured, "task results a round, bytes", "%,.0f")
                .figure("shuffle_bytes", moved.shuffleBytes() / measured, "shuffled a round, bytes", "%,.0f");
    }
}
