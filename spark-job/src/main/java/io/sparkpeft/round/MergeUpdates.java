package io.sparkpeft.round;

import io.sparkpeft.average.AveragingRule;
import io.sparkpeft.average.DeltaAccumulator;
import io.sparkpeft.average.RoundAverage;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.spark.wire.RoundWire;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;

/**
 * Brings the updates of all shards together. Small ones go to the driver, which averages them in shard order; where all
 * of them together would be too much for it, {@link SlicedMerge} averages them on executors, to the same bits.
 */
public final class MergeUpdates {
    static final String RULE = "examples";
    /** Bytes of all updates that the driver takes. */
    public static final long DRIVER_LIMIT = 256L << 20;

    private final Cluster cluster;
    private final long driverLimit;

    public MergeUpdates(Cluster cluster, long driverLimit) {
        this.cluster = cluster;
        this.driverLimit = driverLimit;
    }

    /**
     * What the shards of a round start from.
     *
     * @param content the tuned weights and moments
     * @param message the same as executors have them
     * @param vectors that each shard returns: 1, or 3 with moments
     */
    public record Start(RoundStart content, Broadcast<byte[]> message, int vectors) {}

    /**
     * Runs the shards and averages what they return.
     *
     * @param replies one partition a shard: its {@link RoundWire} message, or its {@link Refusal}
     * @param start what all shards start from
     * @throws io.sparkpeft.failure.JobException with the sentence of a shard that refused
     */
    public RoundAverage run(String description, JavaRDD<byte[]> replies, Start start) {
        return isOnDriver(replies.getNumPartitions(), start)
                ? onDriver(cluster.collect(description, replies), start.content())
                : new SlicedMerge(cluster, start).run(description, replies);
    }

    /** Whether the driver takes the updates of so many shards. */
    boolean isOnDriver(int shards, Start start) {
        return fits(start.content().values().length, start.vectors(), shards, driverLimit);
    }

    static boolean fits(long weights, int vectors, int shards, long driverLimit) {
        return shards * weights * vectors * Float.BYTES <= driverLimit;
    }

    private static RoundAverage onDriver(List<byte[]> messages, RoundStart start) {
        DeltaAccumulator accumulator = new DeltaAccumulator(AveragingRule.named(RULE), start.values());
        for (int shard = 0; shard < messages.size(); shard++) {
            Refusal.requireNone(messages.get(shard));
            accumulator.add(shard, RoundWire.decode(messages.get(shard), start));
        }
        return accumulator.average();
    }
}
