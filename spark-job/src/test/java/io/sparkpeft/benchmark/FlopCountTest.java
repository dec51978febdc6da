package io.sparkpeft.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.benchmark.input.ModelShape;
import io.sparkpeft.benchmark.input.ModelSource;
import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.param.FrozenWeights;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlopCountTest {
    private static final int[] TOKENS = {0, 1, 2, 3, 4};
    private static final int[] OFFSETS = {0, 2, 5};

    private static TokenBatch batch(Objective objective, int... labels) {
        return new TokenBatch(objective, TOKENS, new int[0], OFFSETS, labels, new long[0]);
    }

    private static ModelDefinition model(ModelShape shape, Objective objective, String... labels) {
        return new ModelSource(
                        shape, Optional.empty(), BackendChoice.of("cpu"), FrozenWeights.FLOAT32, Recompute.NONE, 1)
                .load(objective, List.of(labels))
                .definition();
    }

    @Test
    void countsABertClassifierByHand() {
        ModelShape shape = new ModelShape("bert", 4, 2, 2, 2, 6, 10, 8);
        ModelDefinition model = model(shape, Objective.SEQUENCE_CLASSIFICATION, "a", "b", "c");

        // A layer of 5 tokens: four 4x4 products (4·2·5·16 = 640), two of 4x6 (2·2·5·24 = 480), and attention over
        // lengths 2 and 3, two products of 2·l²·4 (2·8·(4 + 9) = 208).
        long layer = 640 + 480 + 208;
        // The head reads 2 rows: a dense 4x4 (2·2·16 = 64) and 4x3 (2·2·12 = 48).
        long head = 64 + 48;
        assertThat(FlopCount.trainingStep(model, List.of(batch(Objective.SEQUENCE_CLASSIFICATION, 0, 2))))
                .isEqualTo(3 * (2 * layer + head));
    }

    @Test
    void countsALlamaWithGroupedHeadsByHand() {
        ModelDefinition model = model(new ModelShape("llama", 4, 1, 2, 1, 6, 10, 8), Objective.CAUSAL_LM);

        // Queries and output 4x4 (2·2·5·16 = 320), keys and values 4x2 (2·2·5·8 = 160), three of 4x6 (3·2·5·24 = 720).
        long layer = 320 + 160 + 720 + 208;
        // Three rows have a next token: 4x10 each.
        long head = 3 * 2 * 40;
        TokenBatch batch = batch(Objective.CAUSAL_LM, 1, -1, 3, 4, -1);
        assertThat(FlopCount.trainingStep(model, List.of(batch))).isEqualTo(3 * (layer + head));
        assertThat(FlopCount.trainingStep(model, List.of(batch, batch))).isEqualTo(6 * (layer + head));
    }
}
