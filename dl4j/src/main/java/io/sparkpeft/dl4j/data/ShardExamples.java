package io.sparkpeft.dl4j.data;

import io.sparkpeft.dl4j.network.ExampleBatch;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.train.BatchSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The batches of one worker: a pure function of its examples, the seed, the worker's number and the step. A worker with
 * fewer examples than others has none left at the end of an epoch.
 */
public final class ShardExamples implements BatchSource<ExampleBatch> {
    private final List<MultiDataSet> examples;
    private final Order order;
    private final int shard;
    private long orderedEpoch = -1;
    private int[] permutation = new int[0];

    /**
     * How examples become batches.
     *
     * @param batchSize examples of a step
     * @param stepsPerEpoch steps of the worker with most examples
     * @param shuffle whether the order is drawn anew for each epoch
     * @param seed of the order and of dropout
     */
    public record Order(int batchSize, long stepsPerEpoch, boolean shuffle, long seed)
            implements java.io.Serializable {}

    public ShardExamples(Iterator<MultiDataSet> data, Order order, int shard) {
        this.examples = split(data);
        this.order = order;
        this.shard = shard;
    }

    /** Single examples, in the order of the data. */
    private static List<MultiDataSet> split(Iterator<MultiDataSet> data) {
        List<MultiDataSet> single = new ArrayList<>();
        while (data.hasNext()) {
            MultiDataSet next = data.next();
            if (next.getFeatures(0).size(0) == 1) {
                single.add(next);
            } else {
                single.addAll(next.asList());
            }
        }
        return single;
    }

    @Override
    public List<ExampleBatch> microBatches(long step) {
        long epoch = step / order.stepsPerEpoch();
        long from = step % order.stepsPerEpoch() * order.batchSize();
        if (from >= examples.size()) {
            return List.of();
        }
        int to = (int) Math.min(examples.size(), from + order.batchSize());
        return List.of(batch(epoch, (int) from, to, step));
    }

    /** The first examples of an order of their own, in batches of the same size. */
    public List<ExampleBatch> sample(int count) {
        List<ExampleBatch> batches = new ArrayList<>();
        int wanted = Math.min(count, examples.size());
        for (int from = 0; from < wanted; from += order.batchSize()) {
            batches.add(batch(0, from, Math.min(wanted, from + order.batchSize()), from));
        }
        return batches;
    }

    private ExampleBatch batch(long epoch, int from, int to, long step) {
        long key = CounterRandom.mix(order.seed(), shard);
        if (epoch != orderedEpoch) {
            permutation = CounterRandom.permutation(CounterRandom.mix(key, epoch), examples.size());
            orderedEpoch = epoch;
        }
        List<MultiDataSet> chosen = new ArrayList<>();
        for (int i = from; i < to; i++) {
            chosen.add(examples.get(order.shuffle() ? permutation[i] : i));
        }
        return ExampleBatch.of(chosen, CounterRandom.mix(CounterRandom.mix(key, -1), step));
    }
}
