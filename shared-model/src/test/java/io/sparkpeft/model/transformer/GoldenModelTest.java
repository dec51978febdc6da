package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.SharedData;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.param.Parameters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real checkpoints give the numbers that their authors published. */
class GoldenModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#backends")
    void tinybertGivesItsHiddenStatesAndPooler(String backendName) throws IOException {
        Path folder = SharedData.require("models/tinybert-random");
        JsonNode golden = JSON.readTree(folder.resolve("golden_outputs.json").toFile());
        PretrainedModel pretrained = Checkpoints.load(
                new LocalCheckpointFiles(folder), Objective.SEQUENCE_CLASSIFICATION, List.of("a", "b"), 1);
        int[] tokens = JSON.convertValue(golden.get("ids"), int[].class);
        TokenBatch batch = new TokenBatch(
                Objective.SEQUENCE_CLASSIFICATION,
                tokens,
                new int[0],
                new int[] {0, tokens.length},
                new int[] {-1},
                new long[0]);

        try (Backend backend = BackendProvider.create(backendName);
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            float[][] hidden = model.hiddenStates(batch);
            float[][] expected = JSON.convertValue(golden.get("expected_last_hidden_13x50"), float[][].class);
            for (int r = 0; r < tokens.length; r++) {
                assertThat(hidden[r]).as("hidden state %d", r).containsExactly(expected[r], within(5e-6f));
            }
            float[] pooler = activations(model, batch).get("head.activated");
            assertThat(pooler)
                    .containsExactly(JSON.convertValue(golden.get("expected_pooler"), float[].class), within(5e-6f));
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#backends")
    void nanoSortGivesEveryActivation(String backendName) throws IOException {
        Path folder = SharedData.require("models/gpt-nano-sort");
        JsonNode golden =
                JSON.readTree(folder.resolve("golden_activations.json").toFile());
        PretrainedModel pretrained = Checkpoints.load(withBiases(folder), Objective.CAUSAL_LM, List.of(), 1);
        int[] tokens = JSON.convertValue(golden.get("idx").get("data"), int[].class);
        TokenBatch batch = new TokenBatch(
                Objective.CAUSAL_LM, tokens, new int[0], new int[] {0, 11, 22, 33}, new int[33], new long[0]);

        try (Backend backend = BackendProvider.create(backendName);
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            Map<String, float[]> found = activations(model, batch);
            Map<String, String> names = Map.ofEntries(
                    Map.entry("x", "embeddings"),
                    Map.entry("ln1", "layer.0.attention.norm"),
                    Map.entry("y", "layer.0.attention.context"),
                    Map.entry("yProj", "layer.0.attention.output"),
                    Map.entry("attnResid", "layer.0.attention"),
                    Map.entry("ln2", "layer.0.feedForward.norm"),
                    Map.entry("fc", "layer.0.feedForward.up"),
                    Map.entry("gelu", "layer.0.feedForward.activated"),
                    Map.entry("mlp", "layer.0.feedForward.output"),
                    Map.entry("block0", "layer.0.feedForward"),
                    Map.entry("block1", "layer.1.feedForward"),
                    Map.entry("block2", "layer.2.feedForward"),
                    Map.entry("lm_head", "logits"));
            names.forEach((theirs, ours) -> assertThat(found.get(ours))
                    .as("%s = %s", theirs, ours)
                    .containsExactly(data(golden, theirs), within(1e-5f)));
            assertThat(headsLast(found.get("layer.0.attention.probabilities")))
                    .containsExactly(data(golden, "attSm"), within(1e-5f));
            assertThat(joined(model.hiddenStates(batch))).containsExactly(data(golden, "ln_f"), within(1e-5f));
            assertThat(softmax(model.logits(batch))).containsExactly(data(golden, "probs"), within(1e-5f));
        }
    }

    @Test
    void nanoSortLoadsWithoutTheBiasesThatItsFileLacks() throws IOException {
        Path folder = SharedData.require("models/gpt-nano-sort");
        PretrainedModel pretrained =
                Checkpoints.load(new LocalCheckpointFiles(folder), Objective.CAUSAL_LM, List.of(), 1);
        assertThat(pretrained.definition().layout().contains("transformer.h.0.attn.c_attn.weight"))
                .isTrue();
        assertThat(pretrained.definition().layout().contains("transformer.h.0.attn.c_attn.bias"))
                .isFalse();
    }

    @Test
    void tinystoriesHasItsSpotValues() throws IOException {
        Path folder = SharedData.require("models/tinystories-656k");
        JsonNode golden = JSON.readTree(folder.resolve("golden_values.json").toFile());
        Parameters parameters = Checkpoints.load(new LocalCheckpointFiles(folder), Objective.CAUSAL_LM, List.of(), 1)
                .parameters();
        assertThat(golden.get("flat_index_checks").size()).isPositive();
        golden.get("flat_index_checks").fields().forEachRemaining(check -> {
            String key = check.getKey();
            String name = key.substring(0, key.indexOf('['));
            int index = Integer.parseInt(key.substring(key.indexOf('[') + 1, key.length() - 1));
            float[] tensor = parameters.tensor(name.equals("lm_head.weight") ? "model.embed_tokens.weight" : name);
            assertThat(tensor[index]).as(key).isEqualTo((float) check.getValue().doubleValue());
        });
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#backends")
    void tinystoriesPredictsItsStories(String backendName) throws IOException {
        Path folder = SharedData.require("models/tinystories-656k");
        PretrainedModel pretrained =
                Checkpoints.load(new LocalCheckpointFiles(folder), Objective.CAUSAL_LM, List.of(), 1);
        List<String> stories = new ArrayList<>();
        for (String line : Files.readAllLines(SharedData.require("corpora/tinystories/stories.jsonl"))) {
            String text = JSON.readTree(line).get("text").textValue();
            if (text.length() < 600 && stories.size() < 25) {
                stories.add(text);
            }
        }
        assertThat(stories).hasSize(25);
        BatchLoss total = BatchLoss.ZERO;
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"));
                Backend backend = BackendProvider.create(backendName);
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            for (String story : stories) {
                long[] ids = tokenizer.encode(story).getIds();
                assertThat(ids[0]).as("the tokenizer itself puts bos first").isEqualTo(1);
                total = total.plus(model.loss(causal(ids)));
            }
        }
        System.out.printf(
                "tinystories-656k on 25 stories, %s: %.4f nats per token over %d tokens%n",
                backendName, total.mean(), total.targets());
        assertThat(total.targets()).isEqualTo(3019);
        assertThat(total.mean())
                .as("a wrong rotary or head order gives 4.5 and more")
                .isCloseTo(2.952, within(0.002));
    }

    private static TokenBatch causal(long[] ids) {
        int[] tokens = new int[ids.length];
        int[] labels = new int[ids.length];
        for (int r = 0; r < ids.length; r++) {
            tokens[r] = (int) ids[r];
            labels[r] = r + 1 < ids.length ? (int) ids[r + 1] : -1;
        }
        return new TokenBatch(Objective.CAUSAL_LM, tokens, new int[0], new int[] {0, ids.length}, labels, new long[0]);
    }

    /** The model's file and that of its missing biases, as two shards of one checkpoint. */
    private LocalCheckpointFiles withBiases(Path folder) throws IOException {
        Files.copy(folder.resolve("config.json"), directory.resolve("config.json"));
        Files.copy(folder.resolve("model.safetensors"), directory.resolve("weights.safetensors"));
        try (InputStream biases =
                getClass().getResourceAsStream("/golden/gpt-nano-sort/attention_biases.safetensors")) {
            Files.copy(biases, directory.resolve("biases.safetensors"));
        }
        Files.writeString(directory.resolve("model.safetensors.index.json"), """
                {"weight_map": {"lm_head.weight": "weights.safetensors",
                 "transformer.h.0.attn.c_attn.bias": "biases.safetensors"}}""");
        return new LocalCheckpointFiles(directory);
    }

    private static Map<String, float[]> activations(TransformerModel model, TokenBatch batch) {
        Map<String, float[]> found = new HashMap<>();
        model.observeActivations(batch, (name, value) -> {
            float[] copy = new float[value.size()];
            model.backend().download(value, copy, 0);
            found.put(name, copy);
        });
        return found;
    }

    private static float[] data(JsonNode golden, String name) {
        return JSON.convertValue(golden.get(name).get("data"), float[].class);
    }

    /** From [head][sequence][entry] to [sequence][head][entry]. */
    private static float[] headsLast(float[] probabilities) {
        float[] turned = new float[probabilities.length];
        int matrix = 11 * 11;
        for (int head = 0; head < 3; head++) {
            for (int s = 0; s < 3; s++) {
                System.arraycopy(probabilities, (head * 3 + s) * matrix, turned, (s * 3 + head) * matrix, matrix);
            }
        }
        return turned;
    }

    private static float[] joined(float[][] rows) {
        float[] joined = new float[rows.length * rows[0].length];
        for (int r = 0; r < rows.length; r++) {
            System.arraycopy(rows[r], 0, joined, r * rows[r].length, rows[r].length);
        }
        return joined;
    }

    private static float[] softmax(float[][] logits) {
        float[] probabilities = joined(logits);
        for (int r = 0; r < logits.length; r++) {
            double sum = 0;
            for (float logit : logits[r]) {
                sum += Math.exp(logit);
            }
            for (int c = 0; c < logits[r].length; c++) {
                probabilities[r * logits[r].length + c] = (float) (Math.exp(logits[r][c]) / sum);
            }
        }
        return probabilities;
    }
}
