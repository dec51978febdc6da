package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.clusters.EventLog.Task;
import io.sparkpeft.clusters.daemon.Directories;
import io.sparkpeft.clusters.daemon.Standalone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Executors come, go and have GPUs as Spark's scheduler gives them; the bits are those of one process. */
class AllocationIT {
    private static final String ROUND = "train 3 shards";

    private static EventLog run(String name, String... settings) throws Exception {
        World world = World.shared();
        Path run = world.directory().resolve("run-" + name);
        Path recipe =
                World.recipe(name, world.directory().toUri(), world.directory().toUri(), run.toUri());
        Path events = Directories.create("events-" + name);
        Submission submission = Submission.to(name, Standalone.shared().master())
                .with("--properties-file", "conf/standalone.properties")
                .with("--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.dir=" + events.toUri());
        for (String setting : settings) {
            submission = submission.with("--conf", setting);
        }
        submission.run("finetune", recipe.toString()).requireSuccess();
        assertThat(Files.readAllBytes(run.resolve("adapter/adapter.delta"))).isEqualTo(world.expectedAdapter());
        return EventLog.in(events);
    }

    /** Rounds have a profile, the same in all of them, and nothing else has. */
    private static Map<Integer, Integer> requireProfileOfRounds(EventLog log) {
        Map<Integer, Integer> rounds = log.profiles(ROUND, true);
        assertThat(rounds).hasSizeGreaterThanOrEqualTo(10);
        assertThat(rounds.values()).doesNotContain(0);
        assertThat(rounds.values().stream().distinct()).hasSize(1);
        assertThat(log.profiles(ROUND, false).values()).isNotEmpty().containsOnly(0);
        return rounds;
    }

    @Test
    void executorsWithGpusComeForRoundsAlone() throws Exception {
        EventLog log = run(
                "dynamic",
                "spark.executor.cores=1",
                "spark.dynamicAllocation.enabled=true",
                "spark.dynamicAllocation.shuffleTracking.enabled=false",
                "spark.dynamicAllocation.executorIdleTimeout=1s",
                "spark.sparkpeft.train.task.gpus=1");

        Map<Integer, Integer> rounds = requireProfileOfRounds(log);
        Map<String, Integer> gpus = log.gpus();
        for (Task task : log.tasks()) {
            assertThat(gpus.get(task.executor()))
                    .as("GPUs for %s", task)
                    .isEqualTo(rounds.containsKey(task.stage()) ? 1 : 0);
        }
        List<String> left = log.removed().entrySet().stream()
                .filter(executor -> executor.getValue().contains("decommission"))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(left).as("decommissioned when idle, of %s", log.removed()).isNotEmpty();
        System.out.printf(
                "allocation: of %d executors %d had a GPU, for rounds alone; %d were decommissioned in the run; same bits%n",
                gpus.size(), gpus.values().stream().filter(count -> count == 1).count(), left.size());
    }

    @Test
    void tasksOfRoundsShareTheGpusOfExecutorsThatStay() throws Exception {
        EventLog log = run("gpus", "spark.executor.resource.gpu.amount=1", "spark.sparkpeft.train.task.gpus=1");

        Map<Integer, Integer> rounds = requireProfileOfRounds(log);
        assertThat(log.gpus().values()).isNotEmpty().containsOnly(1);
        Map<String, List<Task>> tasks = log.tasks().stream()
                .filter(task -> rounds.containsKey(task.stage()))
                .sorted((one, other) -> Long.compare(one.launched(), other.launched()))
                .collect(Collectors.groupingBy(Task::executor));
        // Executors have two cores and one GPU.
        tasks.forEach((executor, inOrder) -> {
            for (int t = 1; t < inOrder.size(); t++) {
                assertThat(inOrder.get(t).launched())
                        .as("one task at a time on executor %s", executor)
                        .isGreaterThanOrEqualTo(inOrder.get(t - 1).earliestEnd());
            }
        });
    }
}
