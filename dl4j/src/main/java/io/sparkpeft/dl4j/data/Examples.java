package io.sparkpeft.dl4j.data;

import io.sparkpeft.dl4j.settings.TrainingSettings;
import io.sparkpeft.spark.Cluster;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The training examples, one partition a worker, kept by Spark until closed. */
public final class Examples implements AutoCloseable {
    private final JavaRDD<MultiDataSet> data;
    private final boolean kept;
    private final List<Long> counts;

    private Examples(JavaRDD<MultiDataSet> data, boolean kept, List<Long> counts) {
        this.data = data;
        this.kept = kept;
        this.counts = counts;
    }

    /**
     * Deals the elements out where so many workers are asked for as there are no partitions: the i-th to worker i mod
     * workers, in their order.
     *
     * @throws IllegalArgumentException if there are no examples
     */
    public static Examples of(Cluster cluster, JavaRDD<MultiDataSet> source, TrainingSettings settings) {
        JavaRDD<MultiDataSet> data = source;
        if (settings.workers() > 0 && settings.workers() != source.getNumPartitions()) {
            int workers = settings.workers();
            data = source.zipWithIndex()
                    .mapToPair(indexed -> indexed.swap())
                    .repartitionAndSortWithinPartitions(new HashPartitioner(workers))
                    .values();
        }
        boolean keep = data.getStorageLevel().equals(StorageLevel.NONE());
        if (keep) {
            data.persist(StorageLevel.fromString(settings.storageLevel()));
        }
        JavaRDD<MultiDataSet> dealt = data;
        List<Long> counts = cluster.describe("count examples", () -> dealt.mapPartitions(examples -> {
                    long count = 0;
                    while (examples.hasNext()) {
                        count += examples.next().getFeatures(0).size(0);
                    }
                    return List.of(count).iterator();
                })
                .collect());
        if (counts.stream().allMatch(count -> count == 0)) {
            throw new IllegalArgumentException("Cannot train: the RDD holds no examples");
        }
        return new Examples(data, keep, new ArrayList<>(counts));
    }

    public JavaRDD<MultiDataSet> data() {
        return data;
    }

    /** Examples of each worker. */
    public List<Long> counts() {
        return counts;
    }

    /** Steps of the worker with most examples. */
    public long stepsPerEpoch(int batchSize) {
        long most = counts.stream().mapToLong(Long::longValue).max().orElse(0);
        return (most + batchSize - 1) / batchSize;
    }

    /** How many examples of a sample each worker takes: the same number, as far as it has them. */
    public int[] quota(int examples) {
        int[] quota = new int[counts.size()];
        int left = examples;
        boolean more = true;
        while (left > 0 && more) {
            more = false;
            for (int s = 0; s < quota.length && left > 0; s++) {
                if (quota[s] < counts.get(s)) {
                    quota[s]++;
                    left--;
                    more = true;
                }
            }
        }
        return quota;
    }

    @Override
    public void close() {
        if (kept) {
            data.unpersist();
        }
    }
}
