package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A profile says where the time of a run went, and changes nothing else of it. */
class ProfileIT {
    private static final int CORES = 2;

    @TempDir
    static Path temporary;

    private static SmallWorld world;
    private static SparkSession spark;

    @BeforeAll
    static void start() throws IOException {
        world = SmallWorld.in(temporary);
        spark = SmallWorld.session("local[%d]".formatted(CORES));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static SmallWorld.Record run(String name, String... changes) {
        SmallWorld.Record record = new SmallWorld.Record();
        new FineTuningJob(world.recipe(name, changes), spark, record).run(false);
        return record;
    }

    @Test
    void aProfiledRunHasTheSameBits() throws IOException {
        SmallWorld.Record plain = run("plain", "prune.sparsity=0.3");
        SmallWorld.Record profiled = run("profiled", "prune.sparsity=0.3", "output.profile=true");

        assertThat(bytes("profiled", "adapter/adapter.delta")).isEqualTo(bytes("plain", "adapter/adapter.delta"));
        assertThat(bytes("profiled", "model/model.safetensors")).isEqualTo(bytes("plain", "model/model.safetensors"));
        assertThat(profiled.measurements).isEqualTo(plain.measurements);
        assertThat(world.run("plain").resolve("profile.json")).doesNotExist();
        assertThat(plain.sentences).noneMatch(line -> line.contains("GFLOP/s"));
        assertThat(profiled.sentences).anyMatch(line -> line.contains("GFLOP/s"));
    }

    @Test
    void theTimesAddUpToNoMoreThanWhatPassed() throws IOException {
        long began = System.nanoTime();
        run("times", "output.profile=true");
        double passed = (System.nanoTime() - began) / 1e9;

        JsonNode profile = new ObjectMapper().readTree(bytes("times", "profile.json"));
        List<String> stages = new ArrayList<>();
        double sum = 0;
        double inTasks = 0;
        for (JsonNode stage : profile.path("stages")) {
            stages.add(stage.path("stage").asText());
            sum += stage.path("seconds").asDouble();
            double tasks = stage.path("task-seconds").asDouble();
            inTasks += tasks;
            double kernels = 0;
            for (JsonNode kernel : stage.path("kernels")) {
                assertThat(kernel.path("calls").asLong()).isPositive();
                kernels += kernel.path("seconds").asDouble();
            }
            double outside = stage.path("task-seconds-outside-kernels").asDouble();
            assertThat(outside).isBetween(0.0, tasks);
            assertThat(kernels).isLessThanOrEqualTo(tasks - outside + 1e-6);
        }
        assertThat(stages).contains("data", "importance", "mask", "train", "evaluate", "export", "other");
        assertThat(sum).isLessThanOrEqualTo(passed);
        assertThat(inTasks).isLessThanOrEqualTo(CORES * passed);
        assertThat(profile.path("seconds").asDouble()).isBetween(sum - 1e-6, sum + 1e-6);
    }

    @Test
    void everyStepOfTrainingIsCounted() throws IOException {
        run("steps", "output.profile=true", "train.clip-norm=1");

        for (JsonNode stage :
                new ObjectMapper().readTree(bytes("steps", "profile.json")).path("stages")) {
            if (stage.path("stage").asText().equals("train")) {
                // 12 steps on each of 3 shards in 3 rounds; a shard that has run out of examples skips a step.
                assertThat(stage.path("tasks").asLong()).isEqualTo(9);
                long steps = calls(stage, "optimizer");
                assertThat(steps).isBetween(30L, 36L);
                assertThat(calls(stage, "clip")).isEqualTo(steps);
                assertThat(calls(stage, "norm")).isEqualTo(steps);
                assertThat(calls(stage, "gemm")).isGreaterThan(steps);
                assertThat(calls(stage, "scatter")).isPositive();
                return;
            }
        }
        throw new AssertionError("no training in the profile");
    }

    private static long calls(JsonNode stage, String kernel) {
        for (JsonNode found : stage.path("kernels")) {
            if (found.path("kernel").asText().equals(kernel)) {
                return found.path("calls").asLong();
            }
        }
        return 0;
    }

    private static byte[] bytes(String run, String file) throws IOException {
        return Files.readAllBytes(world.run(run).resolve(file));
    }
}
