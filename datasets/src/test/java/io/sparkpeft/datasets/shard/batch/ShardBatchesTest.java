package io.sparkpeft.datasets.shard.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.datasets.shard.Shards;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches are a pure function of seed, shard and step, and an epoch shows every example once. */
class ShardBatchesTest {
    private static final TokenShard SHARD = Shards.of(1, 45, true);

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 45, 64})
    void anEpochShowsEveryExampleOnce(int batchSize) {
        long steps = (45 + batchSize - 1) / batchSize + 2;
        ShardBatches batches = new ShardBatches(SHARD, plan(Objective.SEQUENCE_CLASSIFICATION, batchSize, 50, steps));
        for (long epoch = 0; epoch < 3; epoch++) {
            List<String> seen = new ArrayList<>();
            for (long step = epoch * steps; step < (epoch + 1) * steps; step++) {
                int before = seen.size();
                batches.microBatches(step).forEach(batch -> seen.addAll(sequences(batch)));
                assertThat(seen.size() - before).isLessThanOrEqualTo(batchSize);
            }
            List<String> all = IntStream.range(0, SHARD.examples())
                    .mapToObj(e -> Arrays.toString(SHARD.tokens(e)) + SHARD.label(e))
                    .toList();
            assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    @ParameterizedTest
    @EnumSource(Objective.class)
    void stepsMayBeAskedForInAnyOrder(Objective objective) {
        BatchPlan plan = plan(objective, 8, 60, 6);
        ShardBatches forward = new ShardBatches(SHARD, plan);
        List<String> inOrder = LongStream.range(0, 20)
                .mapToObj(step -> print(forward.microBatches(step)))
                .toList();
        for (long step : new long[] {19, 0, 7, 6, 12, 3, 3}) {
            ShardBatches fresh = new ShardBatches(Shards.of(1, 45, true), plan);
            fresh.microBatches((step + 11) % 20);
            assertThat(print(fresh.microBatches(step))).isEqualTo(inOrder.get((int) step));
        }
        assertThat(new HashSet<>(inOrder)).hasSize(20);
    }

    @Test
    void seedAndShardAndEpochChangeTheOrder() {
        BatchPlan plan = plan(Objective.CAUSAL_LM, 45, 1000, 1);
        BatchPlan other = new BatchPlan(Objective.CAUSAL_LM, 45, 1000, 6, 1, true, MaskingRule.none());
        TokenShard moved = new TokenShard(
                2,
                all(SHARD),
                new int[0],
                offsets(SHARD),
                new int[45],
                LongStream.range(0, 45).toArray());
        Set<String> orders = new HashSet<>();
        orders.add(Arrays.toString(new ShardBatches(SHARD, plan).examples(0)));
        orders.add(Arrays.toString(new ShardBatches(SHARD, plan).examples(1)));
        orders.add(Arrays.toString(new ShardBatches(SHARD, other).examples(0)));
        orders.add(Arrays.toString(new ShardBatches(moved, plan).examples(0)));
        assertThat(orders).hasSize(4);
    }

    @Test
    void microBatchesKeepWithinTheTokenBudgetAndLongExamplesStandAlone() {
        BatchPlan plan = plan(Objective.CAUSAL_LM, 45, 15, 1);
        List<TokenBatch> batches = new ShardBatches(SHARD, plan).microBatches(0);
        assertThat(batches).allMatch(batch -> batch.units() <= 15 || batch.examples() == 1);
        assertThat(batches).anyMatch(batch -> batch.units() > 15).anyMatch(batch -> batch.examples() > 1);
        List<Integer> lengths = batches.stream()
                .flatMap(batch ->
                        IntStream.range(0, batch.examples()).mapToObj(s -> batch.offsets()[s + 1] - batch.offsets()[s]))
                .toList();
        assertThat(lengths).isSorted();
    }

    @Test
    void theTokenBudgetChangesNeitherMasksNorDropoutKeys() {
        for (Objective objective : Objective.values()) {
            List<String> small = examples(new ShardBatches(SHARD, plan(objective, 9, 20, 5)).microBatches(8));
            List<String> large = examples(new ShardBatches(SHARD, plan(objective, 9, 900, 5)).microBatches(8));
            assertThat(small).isEqualTo(large);
        }
    }

    @Test
    void aCausalModelPredictsTheNextToken() {
        TokenBatch batch = new ShardBatches(SHARD, plan(Objective.CAUSAL_LM, 5, 1000, 9))
                .microBatches(2)
                .get(0);
        for (int s = 0; s < batch.examples(); s++) {
            int from = batch.offsets()[s];
            int to = batch.offsets()[s + 1];
            assertThat(Arrays.copyOfRange(batch.labels(), from, to - 1))
                    .isEqualTo(Arrays.copyOfRange(batch.tokens(), from + 1, to));
            assertThat(batch.labels()[to - 1]).isEqualTo(-1);
        }
    }

    @Test
    void evaluationShowsAllExamplesInOrderWithoutDropout() {
        for (Objective objective : Objective.values()) {
            BatchPlan plan = BatchPlan.evaluation(objective, 70, 5, Shards.masking());
            List<TokenBatch> batches = new ArrayList<>();
            ShardBatches.evaluation(SHARD, plan).forEach(batches::add);
            assertThat(batches.stream().mapToInt(TokenBatch::examples).sum()).isEqualTo(45);
            assertThat(batches.stream().mapToInt(TokenBatch::units).sum()).isEqualTo(SHARD.tokens());
            assertThat(batches).allMatch(batch -> batch.exampleKeys().length == 0);
            assertThat(batches.get(0).offsets()[1]).isEqualTo(SHARD.length(0));
            List<TokenBatch> again = new ArrayList<>();
            ShardBatches.evaluation(SHARD, plan).forEach(again::add);
            assertThat(print(again)).isEqualTo(print(batches));
        }
    }

    @Test
    void anEmptyShardHasNoBatches() {
        TokenShard empty = Shards.of(0, 0, false);
        assertThat(new ShardBatches(empty, plan(Objective.CAUSAL_LM, 4, 10, 3)).microBatches(1))
                .isEmpty();
        assertThat(ShardBatches.evaluation(empty, plan(Objective.CAUSAL_LM, 4, 10, 3)))
                .isEmpty();
    }

    private static BatchPlan plan(Objective objective, int batchSize, int maxTokens, long stepsPerEpoch) {
        return new BatchPlan(objective, batchSize, maxTokens, 5, stepsPerEpoch, true, Shards.masking());
    }

    private static List<String> sequences(TokenBatch batch) {
        return IntStream.range(0, batch.examples())
                .mapToObj(s ->
                        Arrays.toString(Arrays.copyOfRange(batch.tokens(), batch.offsets()[s], batch.offsets()[s + 1]))
                                + batch.labels()[s])
                .toList();
    }

    private static List<String> examples(List<TokenBatch> batches) {
        List<String> examples = new ArrayList<>();
        for (TokenBatch batch : batches) {
            for (int s = 0; s < batch.examples(); s++) {
                int from = batch.offsets()[s];
                int to = batch.offsets()[s + 1];
                boolean perRow = batch.labels().length == batch.tokens().length;
                int[] labels = perRow ? Arrays.copyOfRange(batch.labels(), from, to) : new int[] {batch.labels()[s]};
                examples.add(Arrays.toString(Arrays.copyOfRange(batch.tokens(), from, to))
                        + Arrays.toString(Arrays.copyOfRange(batch.typeIds(), from, to))
                        + Arrays.toString(labels)
                        + batch.exampleKeys()[s]);
            }
        }
        return examples;
    }

    private static String print(List<TokenBatch> batches) {
        StringBuilder text = new StringBuilder();
        for (TokenBatch batch : batches) {
            text.append(Arrays.toString(batch.tokens()))
                    .append(Arrays.toString(batch.typeIds()))
                    .append(Arrays.toString(batch.offsets()))
                    .append(Arrays.toString(batch.labels()))
                    .append(Arrays.toString(batch.exampleKeys()));
        }
        return text.toString();
    }

    private static int[] all(TokenShard shard) {
        return IntStream.range(0, shard.examples())
                .flatMap(e -> Arrays.stream(shard.tokens(e)))
                .toArray();
    }

    private static int[] offsets(TokenShard shard) {
        int[] offsets = new int[shard.examples() + 1];
        for (int e = 0; e < shard.examples(); e++) {
            offsets[e + 1] = offsets[e] + shard.length(e);
        }
        return offsets;
    }
}
