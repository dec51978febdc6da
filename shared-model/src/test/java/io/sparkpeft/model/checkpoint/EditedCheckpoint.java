package io.sparkpeft.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.fixture.TestFiles;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.safetensors.SafeTensorsReader;
import io.sparkpeft.model.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint of the fixtures in a directory of its own, whose tensors a test renames, removes or adds. */
abstract class EditedCheckpoint {
    static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    record Stored(int[] shape, float[] values) {}

    Map<String, Stored> tensors;

    @BeforeEach
    void forgetTensors() {
        tensors = new TreeMap<>();
    }

    PretrainedModel load(Objective objective, List<String> labels) throws IOException {
        return Checkpoints.load(files(), objective, labels, 7);
    }

    void refuses(Objective objective, String message) {
        assertThatThrownBy(() -> load(objective, List.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("Cannot load " + directory)
                .hasMessageEndingWith(message);
    }

    PretrainedModel rewritten(PretrainedModel model) throws IOException {
        CheckpointWriter writer = new CheckpointWriter(model.outline());
        try (OutputStream out = Files.newOutputStream(directory.resolve("model.safetensors"))) {
            writer.writeWeights(model.parameters(), out);
        }
        assertThat(Files.size(directory.resolve("model.safetensors")))
                .isEqualTo(writer.weightsLength(model.parameters()));
        Files.write(directory.resolve("config.json"), writer.config(OptionalInt.of(0)));
        return Checkpoints.load(
                files(),
                model.definition().task().objective(),
                model.definition().task().labels(),
                99);
    }

    LocalCheckpointFiles files() {
        return new LocalCheckpointFiles(directory);
    }

    void remove(String name) {
        tensors.remove(name);
    }

    void put(String name, int... shape) {
        tensors.put(name, new Stored(shape, new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)]));
    }

    void save() throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        tensors.forEach((name, tensor) -> writer.add(name, tensor.shape(), tensor.values()));
        try (OutputStream out = Files.newOutputStream(directory.resolve("model.safetensors"))) {
            writer.write(out);
        }
    }

    /** Takes the test's small model of a family as the checkpoint to work on. */
    void copy(String family) throws IOException {
        Path model = TestFiles.directory("/fixtures").resolve(family + "/model");
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.write(directory.resolve(name), Files.readAllBytes(model.resolve(name)));
        }
        readTensors();
    }

    void readTensors() throws IOException {
        tensors = new TreeMap<>();
        SafeTensorsReader.read(
                files(),
                "model.safetensors",
                entry -> true,
                (entry, values) -> tensors.put(
                        entry.name(),
                        new Stored(
                                entry.shape().stream().mapToInt(Long::intValue).toArray(), values)));
    }
}
