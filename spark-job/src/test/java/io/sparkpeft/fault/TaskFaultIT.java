package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.kernel.GpuBackendProvider;
import io.sparkpeft.fault.kernel.TaskFault;
import io.sparkpeft.fault.watch.Awaiting;
import io.sparkpeft.fault.watch.LogLines;
import io.sparkpeft.run.RoundReport;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong in a task and not with its executor. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TaskFaultIT {
    /** What Airflow takes for the exit code of the job, wherever it stands in the log. */
    private static final Pattern EXIT_CODE = Pattern.compile("exit code: \\d+", Pattern.CASE_INSENSITIVE);

    private static FaultWorld world;
    private static SparkSession spark;
    private static JavaSparkContext context;

    @BeforeAll
    static void start() {
        world = FaultWorld.shared();
        spark = SmallWorld.session("local[2,4]");
        context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    }

    @AfterEach
    void clear() {
        TaskFault.clear(context);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Counts the attempts that failed. */
    private static final class Failures extends SparkListener {
        final AtomicInteger count = new AtomicInteger();

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            count.addAndGet(end.taskInfo().failed() ? 1 : 0);
        }
    }

    @Test
    void anExecutorWithoutTheDeviceSaysSoAndIsNotBlamedOnTheCluster() {
        Recipe recipe = world.recipe("no-device", "model.backend=" + GpuBackendProvider.NAME);
        assertThatThrownBy(() -> FaultWorld.run(spark, recipe, new SmallWorld.Record()))
                .isInstanceOf(JobException.class)
                .hasMessage(GpuBackendProvider.SENTENCE)
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.CONFIG);
    }

    @Test
    void aTaskThatFailsOnceIsDoneAgain() {
        Failures failures = new Failures();
        spark.sparkContext().addSparkListener(failures);
        SmallWorld.Record record = new SmallWorld.Record();
        try (LogLines log = new LogLines()) {
            new TaskFault(TaskFault.Kind.EXCEPTION, "round 2", Set.of(1), world.file("none")).inject(context);
            FaultWorld.run(spark, world.recipe("exception"), record);
            assertThat(log.lines()).anyMatch(line -> line.contains("a fault that the test injected"));
            assertThat(log.lines()).noneMatch(line -> EXIT_CODE.matcher(line).find());
        }
        spark.sparkContext().removeSparkListener(failures);
        assertThat(failures.count).hasValue(1);
        assertThat(record.rounds).hasSize(FaultWorld.ROUNDS);
        world.assertSameBits("exception", record);
        world.tell("shard 1 threw between forward and backward of round 2, was tried again");
    }

    @Test
    void aLossThatIsNoNumberEndsTheRunAtOnce() throws IOException {
        Failures failures = new Failures();
        spark.sparkContext().addSparkListener(failures);
        SmallWorld.Record record = new SmallWorld.Record();
        new TaskFault(TaskFault.Kind.NAN, "round 3", Set.of(2), world.file("none")).inject(context);
        assertThatThrownBy(() -> FaultWorld.run(spark, world.recipe("nan"), record))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith(
                        "Cannot finish round 3 on shard 2: Cannot go on at local step 6: mean loss NaN, gradient norm ")
                .hasMessageEndingWith("; a lower learning rate or clipping may help");
        spark.sparkContext().removeSparkListener(failures);
        assertThat(failures.count).as("attempts that Spark would try again").hasValue(0);
        assertThat(Awaiting.files(world.run("nan").resolve("checkpoints"), "0"))
                .extracting(checkpoint -> checkpoint.getFileName().toString())
                .containsExactly("0000000001-000001", "0000000002-000001");

        TaskFault.clear(context);
        FaultWorld.run(spark, world.recipe("nan"), record);
        assertThat(record.rounds).extracting(RoundReport::round).containsExactly(1, 2, 3, 4);
        world.assertSameBits("nan", record);
        world.tell("the loss of shard 2 was NaN in round 3: refused without a retry, resumed from round 2");
    }
}
