package io.sparkpeft.round;

import io.sparkpeft.average.AveragingRule;
import io.sparkpeft.average.Contribution;
import io.sparkpeft.average.OrderedMean;
import io.sparkpeft.average.RoundAverage;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.wire.RoundWire;
import io.sparkpeft.train.RoundTally;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * The mean of updates that no machine holds all of: every shard cuts its own into slices, a shuffle brings the slices of
 * one place together, executors average them in shard order, and the driver puts the means together. Until they are added
 * slices are the bytes of the messages.
 */
final class SlicedMerge {
    /** The vector of a part that holds a shard's tally. */
    private static final int TALLY = -1;
    /** The vector of a part that says why a shard made no update. */
    private static final int REFUSAL = -2;

    private final Cluster cluster;
    private final MergeUpdates.Start start;

    SlicedMerge(Cluster cluster, MergeUpdates.Start start) {
        this.cluster = cluster;
        this.start = start;
    }

    /** What the driver collects: the change in double, and two moments in float. */
    static long bytesOfMeans(long weights, boolean withMoments) {
        return weights * (Double.BYTES + (withMoments ? 2 * Float.BYTES : 0));
    }

    /** Which slice of which vector. */
    private record Place(int vector, int slice) implements Serializable {
        int from() {
            return slice * RoundWire.SLICE;
        }
    }

    /** A slice of one shard's vector as it was written. */
    private record Part(int shard, RoundTally tally, byte[] values) implements Serializable {}

    /** The mean of one slice: doubles of a change, floats of a moment; or the tally of all shards, or a refusal. */
    private record Mean(Place place, RoundTally tally, byte[] values) implements Serializable {}

    RoundAverage run(String description, JavaRDD<byte[]> replies) {
        JavaRDD<Mean> means = cluster.map(
                replies.mapPartitionsWithIndex(new Cut(start.content().checksum()), false)
                        .mapToPair(part -> part)
                        .groupByKey(new HashPartitioner(Math.max(1, replies.getNumPartitions())))
                        .map(group -> group),
                new SliceMean(start.message()));
        return assemble(cluster.collect(description, means));
    }

    /** Cuts the message of a shard into slices. */
    private record Cut(int start) implements Function2<Integer, Iterator<byte[]>, Iterator<Tuple2<Place, Part>>> {
        @Override
        public Iterator<Tuple2<Place, Part>> call(Integer shard, Iterator<byte[]> reply) {
            return parts(shard, reply.next()).iterator();
        }

        private List<Tuple2<Place, Part>> parts(int shard, byte[] message) {
            if (Refusal.is(message)) {
                return List.of(new Tuple2<>(new Place(REFUSAL, 0), new Part(shard, RoundTally.ZERO, message)));
            }
            RoundTally tally = RoundWire.tally(message);
            List<Tuple2<Place, Part>> parts = new ArrayList<>();
            parts.add(new Tuple2<>(new Place(TALLY, 0), new Part(shard, tally, new byte[0])));
            for (RoundWire.Slice slice : RoundWire.slices(message, start)) {
                byte[] bytes = new byte[slice.bytes().remaining()];
                slice.bytes().get(bytes);
                parts.add(new Tuple2<>(new Place(slice.vector(), slice.number()), new Part(shard, tally, bytes)));
            }
            return parts;
        }
    }

    /** Averages the parts of one slice in shard order. */
    private record SliceMean(Broadcast<byte[]> message) implements Cluster.Task<Tuple2<Place, Iterable<Part>>, Mean> {
        @Override
        public Mean run(Tuple2<Place, Iterable<Part>> group, Configuration configuration) {
            List<Part> parts = new ArrayList<>();
            group._2().forEach(parts::add);
            parts.sort(Comparator.comparingInt(Part::shard));
            Place place = group._1();
            if (place.vector() == REFUSAL) {
                return new Mean(place, RoundTally.ZERO, parts.get(0).values());
            }
            if (place.vector() == TALLY) {
                RoundTally tally = parts.stream().map(Part::tally).reduce(RoundTally.ZERO, RoundTally::plus);
                return new Mean(place, tally, new byte[0]);
            }
            int count = Math.min(RoundWire.SLICE, RoundWire.size(message.value()) - place.from());
            float[] start = RoundWire.slice(message.value(), place.vector(), place.slice());
            List<Contribution> contributions = parts.stream()
                    .map(part -> new Contribution(
                            part.shard(),
                            part.tally().examples(),
                            RoundWire.floats(ByteBuffer.wrap(part.values()), count, start)))
                    .toList();
            AveragingRule rule = AveragingRule.named(MergeUpdates.RULE);
            byte[] mean = place.vector() == 0
                    ? bytes(OrderedMean.change(rule, start, contributions))
                    : bytes(OrderedMean.values(rule, count, contributions));
            return new Mean(place, RoundTally.ZERO, mean);
        }
    }

    private RoundAverage assemble(List<Mean> means) {
        double[] change = new double[start.content().values().length];
        float[][] moments = start.vectors() == 1 ? new float[0][] : new float[2][change.length];
        RoundTally tally = RoundTally.ZERO;
        for (Mean mean : means) {
            ByteBuffer values = ByteBuffer.wrap(mean.values()).order(ByteOrder.LITTLE_ENDIAN);
            int from = mean.place().from();
            switch (mean.place().vector()) {
                case REFUSAL -> Refusal.requireNone(mean.values());
                case TALLY -> tally = mean.tally();
                case 0 -> values.asDoubleBuffer().get(change, from, mean.values().length / Double.BYTES);
                default ->
                    values.asFloatBuffer()
                            .get(moments[mean.place().vector() - 1], from, mean.values().length / Float.BYTES);
            }
        }
        boolean known = moments.length > 0 && tally.examples() > 0;
        return new RoundAverage(
                change, known ? new OptimizerState(moments[0], moments[1]) : OptimizerState.none(), tally);
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] bytes(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }
}
