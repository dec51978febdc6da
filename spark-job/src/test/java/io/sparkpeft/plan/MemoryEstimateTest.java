package io.sparkpeft.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.weights.ReplicaWeights;
import io.sparkpeft.model.weights.SharedWeights;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.param.source.RoundedWeights;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roaringbitmap.RoaringBitmap;

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
        "llama, CAUSAL_LM, 256, 4096, NONE",
        "llama, CAUSAL_LM, 16, 8192, NONE",
        "llama, CAUSAL_LM, 256, 8192, SELECTIVE",
        "llama, CAUSAL_LM, 256, 8192, FULL",
        "bert, SEQUENCE_CLASSIFICATION, 128, 8192, SELECTIVE",
        "llama, SEQUENCE_CLASSIFICATION, 128, 4096, NONE",
        "bert, MASKED_LM, 256, 4096, NONE",
        "bert, SEQUENCE_CLASSIFICATION, 32, 8192, NONE",
        "bert, SEQUENCE_CLASSIFICATION, 32, 8192, FULL"
    })
    void aMicroBatchFitsTheEstimate(String family, Objective objective, int length, int tokens, Recompute recompute)
            throws IOException {
        PretrainedModel loaded = load(family, objective);
        MemoryEstimate estimate = estimate(loaded, objective, 0, 0, new int[] {length, tokens}, recompute);
        try (Backend backend = BackendProvider.create("cpu");
                TransformerModel model = new TransformerModel(loaded.definition(), backend, loaded.parameters())) {
            model.recomputing(recompute).lossAndGradient(batch(objective, length, tokens), 1f, EVERYTHING);
            long taken = Float.BYTES * model.workspace();
            assertThat(taken).isBetween(estimate.microBatch() / 8, estimate.microBatch());
        }
    }

    /** Two tasks in one executor, with 1 % of all matrices tuned or of one alone. */
    @ParameterizedTest
    @CsvSource({
        "llama, SEQUENCE_CLASSIFICATION, false, false",
        "llama, SEQUENCE_CLASSIFICATION, true, false",
        "bert, SEQUENCE_CLASSIFICATION, false, false",
        "bert, MASKED_LM, true, false",
        "bert, SEQUENCE_CLASSIFICATION, false, true",
        "llama, CAUSAL_LM, true, true"
    })
    void twoTasksFitTheEstimate(String family, Objective objective, boolean oneMatrix, boolean packs)
            throws IOException {
        PretrainedModel loaded = load(family, objective);
        MaskIndex index = mask(loaded.parameters().layout(), oneMatrix);
        WeightSource start = packs ? new RoundedWeights(loaded.parameters()) : loaded.parameters();
        long packed = !packs
                ? 0
                : start.layout().tensors().stream()
                        .filter(RoundedWeights::rounds)
                        .mapToLong(TensorSpec::size)
                        .sum();
        MemoryEstimate estimate =
                estimate(loaded, objective, index.size(), packed, new int[] {32, 512}, Recompute.NONE);
        SharedWeights shared = new SharedWeights(start, BackendProvider.create("cpu"), packs);
        long bytes = 0;
        List<Backend> backends = new ArrayList<>();
        List<TransformerModel> tasks = new ArrayList<>();
        for (int task = 0; task < 2; task++) {
            backends.add(BackendProvider.create("cpu"));
            shared.join();
            ReplicaWeights weights = new ReplicaWeights(shared, backends.get(task), Optional.of(index));
            tasks.add(new TransformerModel(loaded.definition(), backends.get(task), weights));
            new LocalTrainer<>(
                            tasks.get(task),
                            index,
                            new TrainSettings(LearningRate.of("constant", 0.01, 1), OptimizerSettings.adamW(), 0))
                    .train(
                            new RoundInput(index.gather(loaded.parameters()), OptimizerState.none(), 0, 1, true),
                            s -> List.of(batch(objective, 32, 512)));
            bytes += weights.ownBytes() + Float.BYTES * (tasks.get(task).workspace() + 4L * index.size());
        }
        bytes += shared.bytes();
        tasks.forEach(TransformerModel::close);
        backends.forEach(Backend::close);
        assertThat(bytes).isBetween(estimate.executor(2) / 8, estimate.executor(2));
        assertThat(estimate.executor(2)).isLessThan(2 * estimate.executor(1));
    }

    private static MaskIndex mask(ParameterLayout layout, boolean oneMatrix) {
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        boolean found = false;
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
            TensorSpec spec = layout.tensor(t);
            if (spec.kind() == TensorKind.LINEAR && spec.role() == TensorRole.BODY && !(found && oneMatrix)) {
                for (int i = 0; i < spec.size(); i += 100) {
                    tensors[t].add(i);
                }
                found = true;
            }
        }
        return new MaskIndex(new ParameterMask(layout, tensors));
    }

    private PretrainedModel load(String family, Objective objective) throws IOException {
        Files.writeString(directory.resolve("config.json"), family.equals("bert") ? BERT : LLAMA);
        List<String> labels = objective.isLanguageModel() ? List.of() : List.of("a", "b");
        return Checkpoints.loadRandom(new LocalCheckpointFiles(directory), objective, labels, 1);
    }

    private static MemoryEstimate estimate(
            PretrainedModel loaded, Objective objective, int tuned, long packed, int[] size, Recompute recompute) {
        ParameterLayout layout = loaded.parameters().layout();
        return new MemoryEstimate(
                layout.size(),
                layout.size() - layout.size(TensorRole.FROZEN) - packed,
                packed,
                tuned,
                1,
                size[1],
                size[0],
                objective.isLanguageModel() ? 600 : 0,
                layout.tensors().stream().mapToInt(TensorSpec::size).max().orElseThrow(),
                recompute,
                loaded.definition().config());
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
