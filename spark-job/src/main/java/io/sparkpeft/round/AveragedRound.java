package io.sparkpeft.round;

import io.sparkpeft.average.OuterStep;
import io.sparkpeft.average.RoundAverage;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.Traffic;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.train.FiniteValues;
import io.sparkpeft.train.RoundTally;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;

/**
 * One round, of whatever model: broadcasts the tuned values, lets every shard make its local steps, and takes the ordered
 * example-weighted mean of what comes back and the outer step. Every run of this program makes its rounds here.
 */
public final class AveragedRound {
    private final Cluster cluster;
    private final MergeUpdates merge;
    private final OuterStep outer;

    public AveragedRound(Cluster cluster, OuterStep outer) {
        this(cluster, outer, MergeUpdates.DRIVER_LIMIT);
    }

    /** @param driverLimit bytes of all updates that the driver takes */
    AveragedRound(Cluster cluster, OuterStep outer, long driverLimit) {
        this.cluster = cluster;
        this.merge = new MergeUpdates(cluster, driverLimit);
        this.outer = outer;
    }

    /** The local steps of all shards. */
    @FunctionalInterface
    public interface Shards {
        /**
         * One partition a shard, which holds what {@link ShardReply} makes.
         *
         * @param start the {@link RoundStart} that all shards start from
         */
        JavaRDD<byte[]> replies(Broadcast<byte[]> start);
    }

    /**
     * Bytes of a round, as Spark measured them.
     *
     * @param down size of the broadcast, fetched once by each executor
     * @param up that a shard sent, the mean over shards
     */
    public record Bytes(long down, long up) {}

    /**
     * What a round came to.
     *
     * @param vectors that the next one starts from
     * @param tally what went in
     * @param bytes that it moved
     */
    public record Outcome(RoundVectors vectors, RoundTally tally, Bytes bytes) {}

    /**
     * Makes the round.
     *
     * @throws JobException with the sentence of a shard that refused, if a weight is no number after the outer step, or
     *     if there are more weights than a round can carry
     */
    public Outcome run(RoundPlan round, RoundVectors before, Shards shards) {
        Traffic.Totals earlier = cluster.traffic().totals();
        byte[] bytes = RoundStart.message(before.values(), before.moments());
        RoundStart start = RoundStart.of(before.values(), before.moments(), bytes);
        Broadcast<byte[]> message = cluster.context().broadcast(bytes);
        try {
            JavaRDD<byte[]> replies = shards.replies(message);
            int count = replies.getNumPartitions();
            RoundLimits.require(cluster.context().getConf(), before.values().length, count, round.moments());
            MergeUpdates.Start from =
                    new MergeUpdates.Start(start, message, round.moments().areAveraged() ? 3 : 1);
            RoundAverage mean = merge.run("train %d shards".formatted(count), replies, from);
            OuterStep.Outcome stepped = outer.apply(before.values(), mean.change(), before.velocity());
            requireFinite(stepped.values(), round);
            long down = cluster.traffic().broadcastBytes(message.id());
            Traffic.Totals moved = cluster.traffic().totals().minus(earlier);
            return new Outcome(
                    new RoundVectors(
                            stepped.values(), round.sent(mean.moments(), RoundPlan.DRIVER), stepped.momentum()),
                    mean.tally(),
                    new Bytes(down, sent(moved, merge.isOnDriver(count, from)) / Math.max(1, count)));
        } finally {
            message.destroy();
        }
    }

    /** What all shards sent: where executors merge, the shards write a shuffle, and results are slices of the mean. */
    private static long sent(Traffic.Totals moved, boolean toDriver) {
        return toDriver ? moved.resultBytes() : moved.shuffleBytes();
    }

    /** The last defence of the checkpoints: shards refuse to return anything but numbers. */
    private static void requireFinite(float[] values, RoundPlan round) {
        if (!FiniteValues.areIn(values)) {
            throw JobException.config(
                    "Cannot finish round %d: the outer step made a tuned weight infinite; lower train.outer.learning-rate or momentum may help"
                            .formatted(round.number()));
        }
    }
}
