package io.sparkpeft.stage.train;

import io.sparkpeft.average.AveragingRule;
import io.sparkpeft.average.Contribution;
import io.sparkpeft.average.DeltaAccumulator;
import io.sparkpeft.average.OrderedMean;
import io.sparkpeft.average.RoundAverage;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.RoundWire;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Brings the updates of all shards together. Small ones go to the driver, which averages them in shard order; where all
 * of them together would be too much for it, they are cut into slices, a shuffle brings equal slices together, and
 * executors average those in shard order, to the same bits.
 */
public final class MergeUpdates {
    private static final String RULE = "examples";
    /** Floats of a slice: 4 MiB. */
    private static final int SLICE = 1 << 20;
    /** Bytes of all updates that the driver takes. */
    public static final long DRIVER_LIMIT = 256L << 20;

    private final Cluster cluster;
    private final long driverLimit;

    public MergeUpdates(Cluster cluster, long driverLimit) {
        this.cluster = cluster;
        this.driverLimit = driverLimit;
    }

    /**
     * Runs the shards and averages what they return.
     *
     * @param start what all shards start from
     * @param task makes the {@link RoundWire} message of a shard
     */
    public RoundAverage run(String description, int shards, Start start, Cluster.Task<Integer, byte[]> task) {
        long bytes = (long) shards * start.values().length * start.vectors() * Float.BYTES;
        return bytes <= driverLimit
                ? onDriver(cluster.onShards(description, shards, task), start.values())
                : onExecutors(description, shards, start, task);
    }

    /**
     * What the shards of a round start from.
     *
     * @param values the tuned weights
     * @param message the same as executors have them
     * @param vectors that each shard returns: 1, or 3 with moments
     */
    public record Start(float[] values, Broadcast<byte[]> message, int vectors) {}

    private static RoundAverage onDriver(List<byte[]> messages, float[] start) {
        DeltaAccumulator accumulator = new DeltaAccumulator(AveragingRule.named(RULE), start);
        for (int shard = 0; shard < messages.size(); shard++) {
            accumulator.add(shard, RoundWire.decode(messages.get(shard)));
        }
        return accumulator.average();
    }

    /** A slice of one vector (values or moments) of one shard. */
    private record Part(int shard, long examples, float[] values) implements Serializable {}

    /** Which slice of which vector. */
    private record Place(int vector, int slice) implements Serializable {}

    private RoundAverage onExecutors(String description, int shards, Start start, Cluster.Task<Integer, byte[]> task) {
        return cluster.describe(description, () -> {
            JavaRDD<byte[]> messages = cluster.rdd(shards, task).persist(StorageLevel.MEMORY_AND_DISK());
            try {
                RoundTally tally = messages
                        .map(message -> RoundWire.decode(message).tally())
                        .collect()
                        .stream()
                        .reduce(RoundTally.ZERO, RoundTally::plus);
                List<Tuple2<Place, double[]>> slices = cluster.map(
                                cluster.numbered(messages)
                                        .flatMapToPair(m -> cut(m._2().intValue(), RoundWire.decode(m._1()))
                                                .iterator())
                                        .groupByKey(new HashPartitioner(Math.max(1, shards)))
                                        .map(group -> group),
                                new SliceMean(start.message()))
                        .collect();
                return assemble(slices, start.values().length, tally);
            } finally {
                messages.unpersist(false);
            }
        });
    }

    private static List<Tuple2<Place, Part>> cut(int shard, LocalUpdate update) {
        List<Tuple2<Place, Part>> parts = new ArrayList<>();
        List<float[]> vectors = update.moments().isNone()
                ? List.of(update.values())
                : List.of(
                        update.values(),
                        update.moments().first(),
                        update.moments().second());
        for (int v = 0; v < vectors.size(); v++) {
            float[] vector = vectors.get(v);
            for (int s = 0; (long) s * SLICE < vector.length; s++) {
                float[] values = Arrays.copyOfRange(vector, s * SLICE, Math.min(vector.length, (s + 1) * SLICE));
                parts.add(new Tuple2<>(
                        new Place(v, s), new Part(shard, update.tally().examples(), values)));
            }
        }
        return parts;
    }

    /** Averages the parts of one slice in shard order. */
    private record SliceMean(Broadcast<byte[]> message)
            implements Cluster.Task<Tuple2<Place, Iterable<Part>>, Tuple2<Place, double[]>> {
        @Override
        public Tuple2<Place, double[]> run(Tuple2<Place, Iterable<Part>> group, Configuration configuration) {
            List<Contribution> contributions = new ArrayList<>();
            group._2()
                    .forEach(part -> contributions.add(new Contribution(part.shard(), part.examples(), part.values())));
            int length = contributions.get(0).values().length;
            float[] start = new float[length];
            if (group._1().vector() == 0) {
                float[] whole = RoundWire.decode(message.value()).values();
                System.arraycopy(whole, group._1().slice() * SLICE, start, 0, length);
            }
            return new Tuple2<>(group._1(), OrderedMean.change(AveragingRule.named(RULE), start, contributions));
        }
    }

    private static RoundAverage assemble(List<Tuple2<Place, double[]>> slices, int size, RoundTally tally) {
        double[] change = new double[size];
        float[] first = new float[size];
        float[] second = new float[size];
        boolean moments = false;
        for (Tuple2<Place, double[]> slice : slices) {
            int from = slice._1().slice() * SLICE;
            for (int i = 0; i < slice._2().length; i++) {
                switch (slice._1().vector()) {
                    case 0 -> change[from + i] = slice._2()[i];
                    case 1 -> first[from + i] = (float) slice._2()[i];
                    default -> second[from + i] = (float) slice._2()[i];
                }
            }
            moments |= slice._1().vector() > 0;
        }
        boolean known = moments && tally.examples() > 0;
        return new RoundAverage(change, known ? new OptimizerState(first, second) : OptimizerState.none(), tally);
    }
}
