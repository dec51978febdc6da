package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.cluster.TestCluster;
import io.sparkpeft.fault.kernel.HeldGpuProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A backend that only tasks with a GPU can use, on a cluster of two workers of which one has a GPU, says its discovery
 * script. The driver has none in any of these.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class GpuRoundsIT {
    private static FaultWorld world;
    private static Path script;

    @BeforeAll
    static void start() throws IOException {
        world = FaultWorld.shared();
        script = world.file("discover-gpus.sh");
        Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    /** The jobs that computed on a GPU. */
    private static List<String> run(String name, Map<String, String> settings, String... changes) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("spark.worker.resource.gpu.amount", "1");
        all.put("spark.worker.resource.gpu.discoveryScript", script.toString());
        Path uses = world.file("gpu-" + name);
        String[] recipe = new String[changes.length + 1];
        System.arraycopy(changes, 0, recipe, 0, changes.length);
        recipe[changes.length] = "model.backend=" + HeldGpuProvider.NAME;
        SmallWorld.Record record = new SmallWorld.Record();
        try (TestCluster cluster = new TestCluster(all)) {
            cluster.session().sparkContext().setLocalProperty(HeldGpuProvider.FILE, uses.toString());
            FaultWorld.run(cluster.session(), world.recipe(name, recipe), record);
        }
        world.assertSameBits(name, record);
        List<String> jobs = HeldGpuProvider.jobs(uses);
        assertThat(jobs).allMatch(job -> job.startsWith("held "));
        return jobs;
    }

    private static void requireRoundsAlone(List<String> jobs) {
        assertThat(jobs).hasSize(FaultWorld.ROUNDS).allMatch(job -> job.contains("train 3 shards"));
    }

    @Test
    void whereExecutorsComeForRoundsAllElseIsComputedOnProcessors() throws IOException {
        requireRoundsAlone(run(
                "gpus-dynamic",
                Map.of(
                        "spark.dynamicAllocation.enabled", "true",
                        "spark.dynamicAllocation.shuffleTracking.enabled", "false",
                        "spark.dynamicAllocation.executorIdleTimeout", "1s",
                        "spark.scheduler.minRegisteredResourcesRatio", "0",
                        "spark.decommission.enabled", "true",
                        "spark.sparkpeft.train.task.gpus", "1")));
        world.tell("a GPU was there for rounds alone, all else was computed on processors");
    }

    @Test
    void whereAllExecutorsHaveAGpuWhatComputesHoldsOne() throws IOException {
        List<String> jobs = run(
                "gpus-everywhere",
                Map.of("spark.executor.resource.gpu.amount", "1", "spark.sparkpeft.train.task.gpus", "0.5"));
        assertThat(jobs)
                .anyMatch(job -> job.contains("train 3 shards"))
                .anyMatch(job -> job.contains("evaluate"))
                .anyMatch(job -> job.contains("importance"));
    }

    @Test
    void aRecipeMayNameTheBackendOfAllElse() throws IOException {
        requireRoundsAlone(run(
                "gpus-named",
                Map.of("spark.executor.resource.gpu.amount", "1", "spark.sparkpeft.train.task.gpus", "1"),
                "model.backend-outside-rounds=cpu"));
    }

    @Test
    void whereNothingSaysWhoHoldsGpusTheFirstTaskWithoutOneEndsTheRun() {
        assertThatThrownBy(() -> run("gpus-nowhere", Map.of()))
                .isInstanceOf(JobException.class)
                .hasMessage(HeldGpuProvider.SENTENCE)
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.CONFIG);
    }
}
