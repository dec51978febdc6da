package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.io.JavaBytes;
import io.sparkpeft.datasets.io.SafeFiles;
import io.sparkpeft.datasets.prepare.plan.PreparePlan;
import io.sparkpeft.datasets.row.LabelIndex;
import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.datasets.shard.ShardPaths;
import io.sparkpeft.datasets.shard.ShardWriter;
import io.sparkpeft.datasets.shard.SplitSummary.ShardSummary;
import io.sparkpeft.datasets.shard.TokenExample;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/** Brings every example to its shard, in order, and writes one file per shard. */
final class WriteShards {
    private WriteShards() {}

    /**
     * What a shard holds, and what the manifest says of its split.
     *
     * @param bucket split · shards + shard
     */
    record Written(int bucket, ShardSummary summary, long truncated, long[] labelCounts) implements Serializable {}

    static List<Written> run(JavaRDD<byte[]> rows, Placement placement, LabelIndex labels) {
        PreparePlan plan = placement.plan();
        int buckets = plan.splits().size() * plan.shards();
        return rows
                .flatMapToPair(bytes -> examples(placement, labels, TokenRow.fromBytes(bytes)))
                .repartitionAndSortWithinPartitions(new ByBucket(buckets))
                .mapPartitionsWithIndex((bucket, examples) -> write(plan, labels, bucket, examples), false)
                .collect()
                .stream()
                .map(bytes -> JavaBytes.read(bytes, Written.class))
                .toList();
    }

    private static Iterator<Tuple2<Long, byte[]>> examples(Placement placement, LabelIndex labels, TokenRow row)
            throws IOException {
        List<Tuple2<Long, byte[]>> examples = new ArrayList<>(1);
        if (row.content() instanceof TokenRow.Kept kept && placement.isWithinLimit(row) && labels.knows(kept.label())) {
            int split = placement.split(row, kept);
            for (int w = 0; w < kept.tokens().length; w++) {
                long ordinal = placement.ordinal(row) + w;
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                DataOutputStream out = new DataOutputStream(bytes);
                out.writeInt(labels.of(kept.label()));
                out.writeBoolean(kept.truncated());
                TokenRow.writeInts(out, kept.tokens()[w]);
                TokenRow.writeInts(out, kept.typeIds()[w]);
                long key = Placement.key(placement.bucket(split, ordinal), ordinal);
                examples.add(new Tuple2<>(key, bytes.toByteArray()));
            }
        }
        return examples.iterator();
    }

    private static Iterator<byte[]> write(
            PreparePlan plan, LabelIndex labels, int bucket, Iterator<Tuple2<Long, byte[]>> examples)
            throws IOException {
        String split = plan.splits().get(bucket / plan.shards());
        Path file = ShardPaths.file(plan.output(), split, bucket % plan.shards());
        Written[] written = new Written[1];
        SafeFiles.writeOnce(plan.configuration(), file, path -> {
            try (ShardWriter writer = new ShardWriter(plan.configuration(), path)) {
                written[0] = write(writer, labels, bucket, examples);
            }
        });
        return List.of(JavaBytes.of(written[0])).iterator();
    }

    private static Written write(
            ShardWriter writer, LabelIndex labels, int bucket, Iterator<Tuple2<Long, byte[]>> examples)
            throws IOException {
        int count = 0;
        int longest = 0;
        long tokens = 0;
        long truncated = 0;
        long[] labelCounts = new long[labels.names().size()];
        while (examples.hasNext()) {
            Tuple2<Long, byte[]> pair = examples.next();
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(pair._2()));
            int label = in.readInt();
            truncated += in.readBoolean() ? 1 : 0;
            TokenExample example =
                    new TokenExample(Placement.ordinal(pair._1()), TokenRow.readInts(in), TokenRow.readInts(in), label);
            writer.write(example);
            count++;
            tokens += example.tokens().length;
            longest = Math.max(longest, example.tokens().length);
            if (label >= 0) {
                labelCounts[label]++;
            }
        }
        return new Written(bucket, new ShardSummary(count, tokens, longest), truncated, labelCounts);
    }

    private static final class ByBucket extends Partitioner {
        private static final long serialVersionUID = 1;

        private final int buckets;

        ByBucket(int buckets) {
            this.buckets = buckets;
        }

        @Override
        public int numPartitions() {
            return buckets;
        }

        @Override
        public int getPartition(Object key) {
            return Placement.bucket((Long) key);
        }
    }
}
