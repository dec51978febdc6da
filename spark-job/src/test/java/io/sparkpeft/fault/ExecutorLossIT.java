package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.SmallWorld;
import io.sparkpeft.energy.PowercapFolder;
import io.sparkpeft.fault.cluster.ExecutorEvents;
import io.sparkpeft.fault.cluster.TestCluster;
import io.sparkpeft.fault.kernel.TaskFault;
import io.sparkpeft.fault.watch.Awaiting;
import io.sparkpeft.fault.watch.HeldTask;
import io.sparkpeft.metrics.MetricsPlugin;
import io.sparkpeft.run.RoundReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.ExecutorDecommissionInfo;
import org.apache.spark.scheduler.cluster.CoarseGrainedSchedulerBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Option;

/**
 * Executors, processes of their own, that are killed or told to leave while a round runs. Driver and executors read the
 * same counters of energy, those of their one machine.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ExecutorLossIT {
    /** What each counter rises by in a round. */
    private static final double JOULES = 50;

    private static FaultWorld world;
    private static PowercapFolder counters;
    private static TestCluster cluster;
    private static JavaSparkContext context;

    private ExecutorEvents events;

    @BeforeAll
    static void start() throws IOException {
        world = FaultWorld.shared();
        Path powercap = world.file("powercap");
        counters = new PowercapFolder(powercap, 1_000_000);
        Map.Entry<String, String> plugins = MetricsPlugin.setting(new SparkConf(false));
        cluster = new TestCluster(Map.of(
                plugins.getKey(),
                plugins.getValue(),
                "spark.sparkpeft.powercap",
                powercap.toString(),
                "spark.decommission.enabled",
                "true"));
        context = JavaSparkContext.fromSparkContext(cluster.session().sparkContext());
    }

    @BeforeEach
    void listen() {
        events = new ExecutorEvents();
        context.sc().addSparkListener(events);
    }

    @AfterEach
    void clear() {
        context.sc().removeSparkListener(events);
        TaskFault.clear(context);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void anExecutorIsKilledInTheMiddleOfARound() throws Exception {
        Path held = world.file("held-one");
        SmallWorld.Record record = new Using();
        Future<Void> watcher = whenHeld(held, 1, task -> Awaiting.kill(task.process()));
        runHeld("killed-one", Set.of(1), held, record);
        watcher.get();

        assertThat(events.removed()).hasSize(1);
        assertThat(record.rounds).hasSize(FaultWorld.ROUNDS);
        world.assertSameBits("killed-one", record);
        assertEnergy("killed-one", 2 * JOULES * FaultWorld.ROUNDS);
        world.tell(
                "executor %s died of SIGKILL with shard 1 of round 2, which another executor did again",
                events.removed().get(0));
    }

    /** The machine uses energy with every round. */
    private static final class Using extends SmallWorld.Record {
        @Override
        public void round(RoundReport report) {
            super.round(report);
            try {
                counters.rise(JOULES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Three processes read the machine's counters, and one of them was lost: every joule counts once. */
    private static void assertEnergy(String run, double joules) throws IOException {
        JsonNode energy = new ObjectMapper()
                .readTree(world.run(run).resolve("result.json").toFile())
                .path("energy");
        assertThat(energy.path("not-measured").asText()).isEmpty();
        assertThat(energy.path("measured").path("joules").asDouble()).isCloseTo(joules, within(1e-6));
        assertThat(energy.path("estimate").path("processor-seconds").asDouble()).isPositive();
    }

    @Test
    void bothExecutorsAreKilledAndReplacedByColdOnes() throws Exception {
        Path held = world.file("held-both");
        SmallWorld.Record record = new SmallWorld.Record();
        List<String> killed = new CopyOnWriteArrayList<>();
        Future<Void> watcher = whenHeld(held, 2, task -> {
            Awaiting.kill(task.process());
            killed.add(task.executor());
        });
        runHeld("killed-both", Set.of(0, 1), held, record);
        watcher.get();

        // The executor that another test decommissioned may be told of as removed here once more.
        assertThat(killed).hasSize(2).doesNotHaveDuplicates();
        assertThat(events.removed()).containsAll(killed);
        List<String> cold = events.added().stream()
                .filter(executor -> !events.removed().contains(executor))
                .toList();
        assertThat(events.worked()).containsAnyElementsOf(cold);
        assertThat(record.rounds).hasSize(FaultWorld.ROUNDS);
        world.assertSameBits("killed-both", record);
        world.tell(
                "both executors (%s) died of SIGKILL in round 2, new ones (%s) loaded everything again",
                String.join(", ", killed), String.join(", ", cold));
    }

    @Test
    void anExecutorIsDecommissionedInTheMiddleOfARound() throws Exception {
        Path held = world.file("held-leaving");
        SmallWorld.Record record = new SmallWorld.Record();
        Future<Void> watcher = whenHeld(held, 1, task -> {
            var backend = (CoarseGrainedSchedulerBackend) context.sc().schedulerBackend();
            var why = new ExecutorDecommissionInfo("the test wants it", Option.empty());
            assertThat(backend.decommissionExecutor(task.executor(), why, false, false))
                    .isTrue();
            Files.writeString(held.resolve("go-on"), "");
        });
        runHeld("leaving", Set.of(1), held, record);
        watcher.get();

        Awaiting.until("the executor to leave", () -> !events.removed().isEmpty());
        assertThat(record.rounds).hasSize(FaultWorld.ROUNDS);
        world.assertSameBits("leaving", record);
        world.tell(
                "executor %s was decommissioned with shard 1 of round 2, finished it and left",
                events.removed().get(0));
    }

    private static void runHeld(String run, Set<Integer> shards, Path held, SmallWorld.Record record) {
        new TaskFault(TaskFault.Kind.HOLD, "round 2", shards, held).inject(context);
        FaultWorld.run(cluster.session(), world.recipe(run), record);
    }

    private interface Action {
        void on(HeldTask task) throws IOException, InterruptedException;
    }

    /** Does something about the tasks that are held, once so many are. */
    private static Future<Void> whenHeld(Path held, int tasks, Action action) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                for (HeldTask task : HeldTask.await(held, tasks)) {
                    action.on(task);
                }
                return null;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
