package io.sparkpeft.benchmark.round;

import io.sparkpeft.benchmark.Report;
import io.sparkpeft.stage.train.TrainRounds;
import java.util.Arrays;

/** The times of rounds, each from the end of the one before to its own, its checkpoint included. */
final class RoundTrips {
    private final double[] trips;
    private final double[] tasks;
    private int rounds;
    private long since;
    private TrainRounds.Bytes bytes = new TrainRounds.Bytes(0, 0);

    RoundTrips(int most) {
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
        bytes = done.bytes();
        rounds++;
        since = now;
    }

    Report report(Report report) {
        return report.figure("cold_ms", trips[0], "first round, ms", "%.1f")
                .spread("round", "ms", Arrays.copyOfRange(trips, rounds / 2, rounds), "round trip, second half")
                .spread("cluster", "ms", Arrays.copyOfRange(tasks, rounds / 2, rounds), "of it broadcast to merge")
                .figure("bytes_down", bytes.down(), "broadcast, bytes", "%,.0f")
                .figure("bytes_up", bytes.up(), "result of a shard, bytes", "%,.0f");
    }
}
