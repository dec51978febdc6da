package io.sparkpeft.benchmark.merge;

import io.sparkpeft.benchmark.figure.ProcessTime;
import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.round.MergeUpdates;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.wire.RoundStart;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * How fast the updates of a round are merged: from arrays in the executors to the mean on the driver.
 *
 * @param method that merges
 * @param weights k of each update
 * @param shards updates
 * @param moments whether the optimiser's moments are merged too, which makes three vectors of one
 * @param repeats measured, after three that are not, or one where updates are many
 */
public record MergeBenchmark(MergeMethod method, int weights, int shards, boolean moments, int repeats) {
    private static final int WARM = 3;
    /** Bytes of updates whose merge takes so long that Java has compiled it after one. */
    private static final long MANY = 1L << 30;

    public MergeBenchmark {
        if (weights < 1 || shards < 1 || repeats < 1) {
            throw new IllegalArgumentException(
                    "Invalid merge: --weights %d, --shards %d and --repeats %d must be above 0"
                            .formatted(weights, shards, repeats));
        }
    }

    /** Bytes of all updates. */
    private long bytes() {
        return (long) shards * weights * Float.BYTES * (moments ? 3 : 1);
    }

    /** Runs it. */
    public Report run(SparkSession session) {
        Cluster cluster = new Cluster(session);
        byte[] start = SampleUpdate.start(weights);
        Broadcast<byte[]> message = cluster.context().broadcast(start);
        MergeUpdates.Start from = new MergeUpdates.Start(RoundStart.of(start), message, moments ? 3 : 1);
        for (int warm = 0; warm < (bytes() < MANY ? WARM : 1); warm++) {
            merge(cluster, from);
        }
        HeapPeak.reset();
        double processor = ProcessTime.milliseconds();
        double[] milliseconds = new double[repeats];
        for (int r = 0; r < repeats; r++) {
            long began = System.nanoTime();
            merge(cluster, from);
            milliseconds[r] = (System.nanoTime() - began) / 1e6;
        }
        double used = ProcessTime.milliseconds() - processor;
        long peak = HeapPeak.bytes();
        message.destroy();
        Report report = new Report("merge")
                .condition("master", session.sparkContext().master())
                .condition("method", method.key())
                .condition("tuned", weights)
                .condition("shards", shards)
                .condition("moments", moments)
                .figure("bytes", bytes(), "updates of all shards, bytes", "%,.0f")
                .spread("merge", "ms", milliseconds, "merge");
        double median = (double) report.values().get("merge_median_ms");
        return report.figure("megabytes_per_second", bytes() / median / 1e3, "updates merged, MB/s", "%.0f")
                .figure("processor_ms", used / repeats, "processor time of a merge, ms", "%.1f")
                .figure("heap_peak_bytes", peak, "peak of the driver's heap, bytes", "%,.0f");
    }

    private void merge(Cluster cluster, MergeUpdates.Start start) {
        SampleUpdate task = new SampleUpdate(start.message(), moments);
        switch (method) {
            case DRIVER ->
                new MergeUpdates(cluster, Long.MAX_VALUE).run("merge", cluster.trainingRdd(shards, task), start);
            case SHUFFLE -> new MergeUpdates(cluster, 0).run("merge", cluster.trainingRdd(shards, task), start);
            case TREE -> TreeSum.of(cluster, new TreeSum.Size(shards, weights), task);
        }
    }
}
