package io.sparkpeft.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.param.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model never takes more memory for a micro-batch than was estimated, nor a small fraction of it. */
class MemoryEstimateTest {
    private static final String LLAMA = """
            {"model_type": "llama", "vocab_size": 600, "hidden_size": 64, "intermediate_size": 192,
             "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
             "max_position_embeddings": 256, "rms_norm_eps": 1e-5, "tie_word_embeddings": true}
            """;
    private static final String BERT = """
            {"model_type": "bert", "vocab_size": 600, "hidden_size": 64, "intermediate_size": 256,
             "num_hidden_layers": 3, "num_attention_heads": 4, "max_position_embeddings": 256, "type_vocab_size": 2}
            """;
    private static final GradientSink EVERYTHING = new GradientSink() {
        @Override
        public boolean wants(int tensor) {
            return true;
        }

        @Override
        public void accept(int tensor, int example, Tensor gradient) {}

        @Override
        public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {}
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "llama, CAUSAL_LM, 256, 4096, false",
        "llama, CAUSAL_LM, 16, 8192, false",
        "llama, CAUSAL_LM, 256, 8192, true",
        "llama, SEQUENCE_CLASSIFICATION, 128, 4096, false",
        "bert, MASKED_LM, 256, 4096, false",
        "bert, SEQUENCE_CLASSIFICATION, 32, 8192, false",
        "bert, SEQUENCE_CLASSIFICATION, 32, 8192, true"
    })
    void aMicroBatchFitsTheEstimate(String family, Objective objective, int length, int tokens, boolean recompute)
            throws IOException {
        Files.writeString(directory.resolve("config.json"), family.equals("bert") ? BERT : LLAMA);
        List<String> labels = objective.isLanguageModel() ? List.of() : List.of("a", "b");
        PretrainedModel loaded = Checkpoints.loadRandom(new LocalCheckpointFiles(directory), objective, labels, 1);
        MemoryEstimate estimate = new MemoryEstimate(
                loaded.parameters().layout().size(),
                0,
                1,
                tokens,
                length,
                objective.isLanguageModel() ? 600 : 0,
                loaded.parameters().layout().tensors().stream()
                        .mapToInt(TensorSpec::size)
                        .max()
                        .orElseThrow(),
                recompute,
                loaded.definition().config());
        try (Backend backend = BackendProvider.create("cpu");
                TransformerModel model = new TransformerModel(loaded.definition(), backend, loaded.parameters())) {
            model.recomputing(recompute).lossAndGradient(batch(objective, length, tokens), 1f, EVERYTHING);
            long taken = Float.BYTES * model.workspace();
            assertThat(taken).isBetween(estimate.microBatch() / 8, estimate.microBatch());
        }
    }

    private static TokenBatch batch(Objective objective, int length, int tokens) {
        int[] offsets = new int[tokens / length + 1];
        Arrays.setAll(offsets, i -> i * length);
        int[] ids = new int[tokens];
        Arrays.setAll(ids, i -> i % 600);
        int[] labels = new int[objective.isLanguageModel() ? tokens : offsets.length - 1];
        return new TokenBatch(objective, ids, new int[0], offsets, labels, new long[0]);
    }
}
