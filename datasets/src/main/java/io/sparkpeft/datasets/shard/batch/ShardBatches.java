package io.sparkpeft.datasets.shard.batch;

import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.train.BatchSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The batches of one shard, a pure function of (seed, shard, step). In epoch e = step / stepsPerEpoch the examples come
 * in the order permutation(mix(mix(seed, e), shard)), {@code batchSize} a step; a shard that has no more has no batch
 * until the next epoch. Within a step examples of like length go together.
 */
public final class ShardBatches implements BatchSource<TokenBatch> {
    private static final long ORDER = 0x6f72646572L;
    private static final long MASKS = 0x6d61736b73L;
    private static final long DROPOUT = 0x64726f706f7574L;
    private static final long EVALUATION_EPOCH = -1;

    private final TokenShard shard;
    private final BatchPlan plan;
    private final BatchAssembler assembler;
    private long orderedEpoch = -1;
    private int[] order = new int[0];

    public ShardBatches(TokenShard shard, BatchPlan plan) {
        this.shard = shard;
        this.plan = plan;
        this.assembler = new BatchAssembler(shard, plan);
    }

    @Override
    public List<TokenBatch> microBatches(long step) {
        long epoch = step / plan.stepsPerEpoch();
        int[] examples = examples(step);
        Integer[] byLength = Arrays.stream(examples).boxed().toArray(Integer[]::new);
        Arrays.sort(byLength, Comparator.<Integer>comparingInt(shard::length).thenComparingLong(shard::ordinal));
        int[] sorted = Arrays.stream(byLength).mapToInt(Integer::intValue).toArray();
        long maskKey = maskKey(plan, epoch);
        long dropoutKey = CounterRandom.mix(CounterRandom.mix(plan.seed(), DROPOUT), step);
        List<TokenBatch> batches = new ArrayList<>();
        for (int from = 0; from < sorted.length; ) {
            int to = assembler.end(sorted, from);
            batches.add(assembler.batch(Arrays.copyOfRange(sorted, from, to), maskKey, dropoutKey));
            from = to;
        }
        return batches;
    }

    /** The examples of a step, by their index in the shard. */
    public int[] examples(long step) {
        long epoch = step / plan.stepsPerEpoch();
        if (epoch != orderedEpoch) {
            long key = CounterRandom.mix(CounterRandom.mix(plan.seed(), ORDER), epoch);
            order = CounterRandom.permutation(CounterRandom.mix(key, shard.index()), shard.examples());
            orderedEpoch = epoch;
        }
        long first = step % plan.stepsPerEpoch() * plan.batchSize();
        int from = (int) Math.min(first, order.length);
        int to = (int) Math.min(first + plan.batchSize(), order.length);
        return Arrays.copyOfRange(order, from, to);
    }

    /**
     * All examples of a shard once, in order, without dropout and with the one pattern of masks that belongs to the
     * seed.
     */
    public static Iterable<TokenBatch> evaluation(TokenShard shard, BatchPlan plan) {
        BatchAssembler assembler = new BatchAssembler(shard, plan);
        int[] all = IntStream.range(0, shard.examples()).toArray();
        return () -> new Iterator<>() {
            private int from;

            @Override
            public boolean hasNext() {
                return from < all.length;
            }

            @Override
            public TokenBatch next() {
                int to = assembler.end(all, from);
                int[] examples = Arrays.copyOfRange(all, from, to);
                from = to;
                return assembler.batchWithoutDropout(examples, maskKey(plan, EVALUATION_EPOCH));
            }
        };
    }

    private static long maskKey(BatchPlan plan, long epoch) {
        return CounterRandom.mix(CounterRandom.mix(plan.seed(), MASKS), epoch);
    }
}
