package io.sparkpeft.benchmark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.param.FrozenWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What other programs read must be what is trained on. */
class BatchFileTest {
    private static final int STEPS = 3;

    @TempDir
    Path folder;

    private static RandomBatches batches(Objective objective) {
        String family = objective == Objective.CAUSAL_LM ? "gpt2" : "bert";
        ModelSource source = new ModelSource(
                new ModelShape(family, 4, 1, 2, 2, 6, 50, 16),
                Optional.empty(),
                BackendChoice.of("cpu"),
                FrozenWeights.FLOAT32,
                Recompute.NONE,
                7);
        List<String> labels = objective.isLanguageModel() ? List.of() : RandomBatches.CLASSES;
        ModelDefinition model = source.load(objective, labels).definition();
        return new RandomBatches(model, objective, new RandomBatches.StepSize(5, 9, 20), STEPS, 7);
    }

    @ParameterizedTest
    @EnumSource
    void holdsEveryTokenAndLabelOfEveryStep(Objective objective) throws IOException {
        RandomBatches batches = batches(objective);
        Path file = folder.resolve("batches.jsonl");
        BatchFile.write(file, batches, STEPS);

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(STEPS);
        for (int step = 0; step < STEPS; step++) {
            JsonNode line = new ObjectMapper().readTree(lines.get(step));
            List<TokenBatch> micro = batches.microBatches(step);
            assertThat(micro).hasSize(3);
            assertThat(numbers(line.get("sequences")))
                    .isEqualTo(micro.stream()
                            .flatMapToInt(b -> Arrays.stream(b.tokens()))
                            .boxed()
                            .toList());
            assertThat(numbers(line.get("labels")))
                    .isEqualTo(micro.stream()
                            .flatMapToInt(b -> Arrays.stream(b.labels()))
                            .boxed()
                            .toList());
            assertThat(line.get("sequences")).hasSize(5).allSatisfy(sequence -> assertThat(sequence)
                    .hasSize(9));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isReplacedAndRefusedByItsPlace(Objective objective) throws IOException {
        Path file = Files.writeString(folder.resolve("batches.jsonl"), "old\nold\n");
        BatchFile.write(file, batches(objective), 1);
        assertThat(Files.readAllLines(file)).hasSize(1);

        Path missing = folder.resolve("none/batches.jsonl");
        assertThatThrownBy(() -> BatchFile.write(missing, batches(objective), 1))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("Cannot write batches to " + missing);
    }

    private static List<Integer> numbers(JsonNode node) {
        List<Integer> numbers = new ArrayList<>();
        node.forEach(child -> {
            if (child.isArray()) {
                numbers.addAll(numbers(child));
            } else {
                numbers.add(child.intValue());
            }
        });
        return numbers;
    }
}
