package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.fault.cluster.ExecutorEvents;
import io.sparkpeft.fault.cluster.SkewedClock;
import io.sparkpeft.fault.cluster.TestCluster;
import io.sparkpeft.fault.kernel.TaskFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A straggler with a speculative twin, on executors that live in another time. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SpeculationIT {
    private static final int HOURS = 5;

    /** The straggler never ends, so the run ends only if its twin's result is taken. */
    @Test
    void aTwinOvertakesAStragglerInAnotherTimeZone() {
        FaultWorld world = FaultWorld.shared();
        Map<String, String> settings = new HashMap<>(Map.of(
                "spark.speculation", "true",
                "spark.speculation.interval", "50ms",
                "spark.speculation.quantile", "0.5",
                "spark.speculation.multiplier", "1.5",
                "spark.speculation.minTaskRuntime", "300ms",
                "spark.executor.extraJavaOptions",
                        TestCluster.modules() + " -Duser.timezone=Pacific/Kiritimati -Duser.language=ar"));
        boolean skewed = SkewedClock.isPossible();
        if (skewed) {
            new SkewedClock(-HOURS)
                    .environment()
                    .forEach((name, value) -> settings.put("spark.executorEnv." + name, value));
        }
        try (TestCluster cluster = new TestCluster(settings)) {
            JavaSparkContext context =
                    JavaSparkContext.fromSparkContext(cluster.session().sparkContext());
            long behind = minutesBehind(context);
            assertThat(behind)
                    .as("minutes that executors are behind")
                    .isBetween(skewed ? 60L * HOURS - 5 : -5, 60L * HOURS);
            ExecutorEvents events = new ExecutorEvents();
            context.sc().addSparkListener(events);
            new TaskFault(TaskFault.Kind.HOLD, "round 2", Set.of(2), world.file("held-twin")).inject(context);
            SmallWorld.Record record = new SmallWorld.Record();
            FaultWorld.run(cluster.session(), world.recipe("twin"), record);

            assertThat(events.twins()).anyMatch(task -> task.startsWith("2."));
            assertThat(record.rounds).hasSize(FaultWorld.ROUNDS);
            world.assertSameBits("twin", record);
            world.tell(
                    "shard 2 stood still in round 2, its speculative twin (attempts %s) was counted once;"
                            + " executors %d minutes behind the driver, in the time zone Pacific/Kiritimati and the language ar",
                    String.join(", ", events.twins()), behind);
        }
    }

    private static long minutesBehind(JavaSparkContext context) {
        List<Long> clocks = context.parallelize(List.of(0), 1)
                .map(i -> System.currentTimeMillis())
                .collect();
        return TimeUnit.MILLISECONDS.toMinutes(System.currentTimeMillis() - clocks.get(0));
    }
}
