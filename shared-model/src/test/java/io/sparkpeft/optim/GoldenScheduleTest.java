package io.sparkpeft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.SharedData;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.optim.schedule.ScheduleShape;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules and AdamW against the expectations of Hugging Face transformers' own tests. */
class GoldenScheduleTest {
    private static final Map<String, String> NAMES = Map.of(
            "constant", "constant",
            "constant_with_warmup", "constant",
            "linear_with_warmup", "linear",
            "cosine_with_warmup", "cosine",
            "cosine_hard_restarts", "cosine-hard-restarts",
            "polynomial", "polynomial");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "constant",
                "constant_with_warmup",
                "linear_with_warmup",
                "cosine_with_warmup",
                "cosine_hard_restarts",
                "polynomial"
            })
    void followsTheGoldenRates(String golden) throws IOException {
        JsonNode file = golden();
        JsonNode schedule = file.get("schedules").get(golden);
        JsonNode arguments = schedule.get("args");
        double base = file.get("base_lr").asDouble();
        LearningRate rate = new LearningRate(
                NAMES.get(golden),
                base,
                arguments.path("num_warmup_steps").asLong(0),
                arguments
                        .path("num_training_steps")
                        .asLong(file.get("num_steps").asLong()),
                new ScheduleShape(
                        arguments.path("num_cycles").asDouble(0.5),
                        arguments.path("power").asDouble(1),
                        arguments.path("lr_end").asDouble(0) / base));
        assertThat(schedule.get("lr")).hasSize(10);
        for (int step = 0; step < 10; step++) {
            assertThat(rate.at(step))
                    .as("%s at step %d", golden, step)
                    .isCloseTo(schedule.get("lr").get(step).asDouble(), within(0.01));
        }
    }

    @Test
    void adamWReachesTheGoldenTarget() throws IOException {
        JsonNode golden = golden().get("adamw_convergence");
        float[] values = floats(golden.get("w0"));
        float[] target = floats(golden.get("target"));
        OptimizerState state = OptimizerState.zeros(values.length);
        OptimizerSettings settings = OptimizerSettings.adamW();
        for (int step = 1; step <= golden.get("steps").asInt(); step++) {
            float[] gradient = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                gradient[i] = 2 * (values[i] - target[i]) / values.length;
            }
            Optimizer.of(settings)
                    .step(values, gradient, state, settings, golden.get("lr").asDouble(), step);
        }
        assertThat(values)
                .usingComparatorWithPrecision((float) golden.get("tol").asDouble())
                .containsExactly(floats(golden.get("expect")));
    }

    private static JsonNode golden() throws IOException {
        return new ObjectMapper()
                .readTree(SharedData.require("golden/lr_schedules_golden.json").toFile());
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }
}
