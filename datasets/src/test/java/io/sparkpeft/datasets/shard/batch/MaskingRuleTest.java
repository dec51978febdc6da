package io.sparkpeft.datasets.shard.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.shard.Shards;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import java.util.Arrays;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Corruption keeps its shares and spares special tokens. */
class MaskingRuleTest {
    private static final int LENGTH = 200_000;

    @Test
    void sharesAreThoseOfBert() {
        int[] tokens = new int[LENGTH];
        Arrays.setAll(tokens, i -> i % 10 == 0 ? Shards.BEGIN : 4 + i % (Shards.VOCABULARY - 4));
        int[] original = tokens.clone();
        int[] labels = new int[LENGTH];
        Shards.masking().corrupt(11, tokens, 0, LENGTH, labels);
        int chosen = 0;
        int masked = 0;
        int same = 0;
        int special = 0;
        for (int i = 0; i < LENGTH; i++) {
            if (labels[i] < 0) {
                assertThat(tokens[i]).isEqualTo(original[i]);
                continue;
            }
            assertThat(labels[i]).isEqualTo(original[i]);
            chosen++;
            masked += tokens[i] == Shards.MASK ? 1 : 0;
            same += tokens[i] == original[i] ? 1 : 0;
            special += original[i] == Shards.BEGIN || tokens[i] < Shards.MASK ? 1 : 0;
        }
        assertThat(special).isZero();
        assertThat(chosen / (0.9 * LENGTH)).isCloseTo(0.15, Offset.offset(0.003));
        assertThat((double) masked / chosen).isCloseTo(0.8, Offset.offset(0.01));
        assertThat((double) same / chosen).isCloseTo(0.1 + 0.1 / 96, Offset.offset(0.01));
    }

    @Test
    void everySequenceWithATokenHasATarget() {
        for (long key = 0; key < 200; key++) {
            int[] tokens = {Shards.BEGIN, 50, Shards.END};
            int[] labels = new int[3];
            Shards.masking().corrupt(key, tokens, 0, 3, labels);
            assertThat(labels).containsExactly(-1, 50, -1);
            int[] none = {Shards.BEGIN, Shards.END};
            Shards.masking().corrupt(key, none, 0, 2, labels);
            assertThat(none).containsExactly(Shards.BEGIN, Shards.END);
        }
    }

    @Test
    void epochsDifferAndEvaluationDoesNot() {
        TokenShard shard = Shards.of(0, 30, false);
        BatchPlan plan = new BatchPlan(Objective.MASKED_LM, 30, 10_000, 5, 1, false, Shards.masking());
        ShardBatches batches = new ShardBatches(shard, plan);
        TokenBatch first = batches.microBatches(0).get(0);
        TokenBatch second = batches.microBatches(1).get(0);
        assertThat(first.offsets()).isEqualTo(second.offsets());
        assertThat(first.labels()).isNotEqualTo(second.labels());
        assertThat(shard.tokens(0))
                .as("the shard itself is not touched")
                .isEqualTo(Shards.of(0, 30, false).tokens(0));
    }

    @Test
    void aMaskedModelNeedsARule() {
        Assertions.assertThatThrownBy(() -> BatchPlan.evaluation(Objective.MASKED_LM, 10, 0, MaskingRule.none()))
                .isInstanceOf(DatasetException.class)
                .hasMessage("Invalid batches: a masked language model needs a masking rule");
    }
}
