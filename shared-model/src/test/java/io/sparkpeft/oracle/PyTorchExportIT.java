package io.sparkpeft.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.adapter.ShiraAdapter;
import io.sparkpeft.model.adapter.ShiraMasks;
import io.sparkpeft.model.checkpoint.CheckpointWriter;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.random.CounterRandom;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A changed model, written in Hugging Face's layout, gives PyTorch the logits that it gives here: through Hugging
 * Face's transformers where Python has that, else through the independent forward pass of src/test/python. The system
 * property {@code sparkpeft.python} names another Python. Skipped where there is none with PyTorch.
 */
class PyTorchExportIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path SCRIPT = Path.of("src/test/python/check_export.py");

    @TempDir
    private Path directory;

    @Test
    void pyTorchComputesTheSameLogitsFromTheExports() throws Exception {
        Optional<String> python = python();
        assumeTrue(python.isPresent(), "PyTorchExportIT skipped: no python3 with torch");
        List<String> command = new ArrayList<>(List.of(python.orElseThrow(), SCRIPT.toString()));
        if (imports(command.get(0), "torch, transformers")) {
            command.add("--transformers");
        }
        List<PyTorchFixture> fixtures = PyTorchFixture.all();
        for (PyTorchFixture fixture : fixtures) {
            Path model = Files.createDirectory(directory.resolve(fixture.toString()));
            Path logits = directory.resolve(fixture + ".json");
            export(fixture, model, logits);
            command.addAll(List.of(model.toString(), logits.toString()));
        }
        Result result = run(command);
        assertThat(result.exitCode()).as(result.output()).isZero();
        for (PyTorchFixture fixture : fixtures) {
            assertThat(result.output()).contains(fixture + ": 5 sequences, " + fixture.objective());
        }
    }

    @Test
    void pyTorchComputesTheSameLogitsFromABaseWithItsShiraAdapter() throws Exception {
        Optional<String> python = python();
        assumeTrue(python.isPresent(), "PyTorchExportIT skipped: no python3 with torch");
        List<String> command = new ArrayList<>(List.of(python.orElseThrow(), SCRIPT.toString()));
        if (imports(command.get(0), "torch, transformers, peft")) {
            command.add("--transformers");
        }
        // Linear layers of GPT-2 are stored the other way round, which the format does not know.
        List<PyTorchFixture> fixtures = PyTorchFixture.all().stream()
                .filter(fixture -> !fixture.toString().contains("gpt"))
                .toList();
        assertThat(fixtures).hasSizeGreaterThan(3);
        for (PyTorchFixture fixture : fixtures) {
            Path adapter = Files.createDirectory(directory.resolve(fixture.toString()));
            Path logits = directory.resolve(fixture + ".json");
            exportAdapter(fixture, adapter, logits);
            command.addAll(List.of(adapter.toString(), logits.toString()));
        }
        Result result = run(command);
        assertThat(result.exitCode()).as(result.output()).isZero();
        for (PyTorchFixture fixture : fixtures) {
            assertThat(result.output()).contains(fixture + ": 5 sequences, " + fixture.objective());
        }
    }

    private static void export(PyTorchFixture fixture, Path model, Path logits) throws IOException {
        PretrainedModel pretrained = fixture.load();
        Parameters changed = pruned(pretrained.parameters());
        write(pretrained, changed, model);
        MAPPER.writeValue(logits.toFile(), logits(fixture, pretrained, changed));
    }

    /** A pruned base and an adapter for it, beside the logits of both together. */
    private static void exportAdapter(PyTorchFixture fixture, Path directory, Path logits) throws IOException {
        PretrainedModel pretrained = fixture.load();
        Parameters base = pruned(pretrained.parameters());
        MaskIndex index = new MaskIndex(ShiraMasks.some(base.layout(), 0.1));
        float[] values = ShiraMasks.values(index);
        ShiraAdapter adapter = ShiraAdapter.of(base, index, values);
        write(pretrained, base, Files.createDirectory(directory.resolve("base")));
        try (OutputStream out = Files.newOutputStream(directory.resolve("adapter_model.safetensors"))) {
            adapter.write(out);
        }
        Files.write(
                directory.resolve("adapter_config.json"),
                adapter.config(fixture.objective(), directory.resolve("base").toString()));
        Parameters tuned = base.copy();
        index.scatter(values, tuned);
        MAPPER.writeValue(logits.toFile(), logits(fixture, pretrained, tuned));
    }

    private static void write(PretrainedModel model, Parameters weights, Path directory) throws IOException {
        CheckpointWriter writer = new CheckpointWriter(model.outline());
        try (OutputStream out = Files.newOutputStream(directory.resolve("model.safetensors"))) {
            writer.writeWeights(weights, out);
        }
        Files.write(directory.resolve("config.json"), writer.config(OptionalInt.of(0)));
    }

    /** About a third of the weights set to 0, so that the fixture's own file would not do. */
    private static Parameters pruned(Parameters parameters) {
        Parameters changed = parameters.copy();
        for (int t = 0; t < changed.layout().count(); t++) {
            float[] values = changed.tensor(t);
            for (int i = 0; i < values.length; i++) {
                if (Math.floorMod(CounterRandom.mix(t, i), 3) == 0) {
                    values[i] = 0f;
                }
            }
        }
        return changed;
    }

    private static ObjectNode logits(PyTorchFixture fixture, PretrainedModel pretrained, Parameters parameters) {
        TokenBatch batch = fixture.batch();
        ObjectNode root =
                MAPPER.createObjectNode().put("objective", fixture.objective().name());
        try (Backend backend = BackendProvider.create("reference");
                TransformerModel model = new TransformerModel(pretrained.definition(), backend, parameters)) {
            float[][] rows = model.logits(batch.withLabels(new int[batch.labels().length]));
            ArrayNode sequences = root.putArray("sequences");
            for (int s = 0; s < batch.examples(); s++) {
                int from = batch.offsets()[s];
                int to = batch.offsets()[s + 1];
                boolean language = fixture.objective().isLanguageModel();
                Object scores = language ? Arrays.copyOfRange(rows, from, to) : rows[s];
                ObjectNode sequence = sequences.addObject();
                sequence.set("tokens", MAPPER.valueToTree(Arrays.copyOfRange(batch.tokens(), from, to)));
                sequence.set("types", MAPPER.valueToTree(Arrays.copyOfRange(batch.typeIds(), from, to)));
                sequence.set("logits", MAPPER.valueToTree(scores));
            }
        }
        return root;
    }

    private static Optional<String> python() {
        return Stream.of(System.getProperty("sparkpeft.python", "/usr/bin/python3"), "python3")
                .filter(command -> imports(command, "torch"))
                .findFirst();
    }

    private static boolean imports(String python, String modules) {
        try {
            return run(List.of(python, "-c", "import " + modules)).exitCode() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private record Result(int exitCode, String output) {}

    private static Result run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
