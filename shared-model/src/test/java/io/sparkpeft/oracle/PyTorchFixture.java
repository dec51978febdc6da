package io.sparkpeft.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.fixture.TestFiles;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.safetensors.SafeTensorsReader;
import io.sparkpeft.optim.OptimizerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What PyTorch says of one head of a tiny model, as src/test/python/make_fixtures.py wrote it.
 *
 * @param model folder of the checkpoint
 * @param objective which head
 * @param numbers batch, loss and losses of the AdamW steps
 * @param tensors logits and gradients
 */
record PyTorchFixture(Path model, Objective objective, JsonNode numbers, Map<String, float[]> tensors) {
    private static final String GRADIENT = "gradient:";

    /** Every head of every family. */
    static List<PyTorchFixture> all() {
        try (Stream<Path> files = Files.walk(TestFiles.directory("/fixtures"))) {
            return files.filter(file -> file.getFileName().toString().matches("[A-Z_]+\\.json"))
                    .sorted()
                    .map(PyTorchFixture::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PyTorchFixture read(Path file) {
        try {
            JsonNode numbers = new ObjectMapper().readTree(file.toFile());
            Objective objective = Objective.valueOf(numbers.get("objective").textValue());
            Map<String, float[]> tensors = new HashMap<>();
            SafeTensorsReader.read(
                    new LocalCheckpointFiles(file.getParent()),
                    objective + ".safetensors",
                    entry -> true,
                    (entry, values) -> tensors.put(entry.name(), values));
            return new PyTorchFixture(file.resolveSibling("model"), objective, numbers, tensors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    PretrainedModel load() throws IOException {
        List<String> labels = objective.isLanguageModel() ? List.of() : List.of("a", "b", "c");
        return Checkpoints.load(new LocalCheckpointFiles(model), objective, labels, 1);
    }

    TokenBatch batch() {
        List<Integer> offsets = new ArrayList<>(List.of(0));
        for (JsonNode sequence : numbers.get("tokens")) {
            offsets.add(offsets.get(offsets.size() - 1) + sequence.size());
        }
        return new TokenBatch(
                objective,
                flat("tokens"),
                flat("types"),
                offsets.stream().mapToInt(Integer::intValue).toArray(),
                flat("labels"),
                new long[0]);
    }

    private int[] flat(String key) {
        return StreamSupport.stream(numbers.get(key).spliterator(), false)
                .flatMapToInt(node -> node.isArray()
                        ? StreamSupport.stream(node.spliterator(), false).mapToInt(JsonNode::intValue)
                        : IntStream.of(node.intValue()))
                .toArray();
    }

    double loss() {
        return numbers.get("loss").doubleValue();
    }

    /** The logits of every sequence, or of every row for a language model, row-major. */
    float[] logits() {
        return tensors.get("logits");
    }

    /** The gradient of the mean loss by every tensor that the loss reaches, by name. */
    Map<String, float[]> gradients() {
        Map<String, float[]> gradients = new HashMap<>();
        tensors.forEach((name, values) -> {
            if (name.startsWith(GRADIENT)) {
                gradients.put(name.substring(GRADIENT.length()), values);
            }
        });
        return gradients;
    }

    /** The loss before each AdamW step. */
    double[] adamWLosses() {
        return StreamSupport.stream(numbers.get("adamwLosses").spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    double learningRate() {
        return numbers.get("adamw").get("learningRate").doubleValue();
    }

    OptimizerSettings adamW() {
        JsonNode settings = numbers.get("adamw");
        return new OptimizerSettings(
                "adamw",
                settings.get("beta1").doubleValue(),
                settings.get("beta2").doubleValue(),
                settings.get("epsilon").doubleValue(),
                settings.get("weightDecay").doubleValue());
    }

    @Override
    public String toString() {
        return model.getParent().getFileName() + " " + objective;
    }
}
