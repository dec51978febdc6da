package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.fault.cluster.ExecutorEvents;
import io.sparkpeft.fault.cluster.TestCluster;
import io.sparkpeft.fault.kernel.TaskFault;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A straggler with a speculative twin, on executors that live in another time. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SpeculationIT {
    /** The straggler never ends, so the run ends only if its twin's result is taken. */
    @Test
    void aTwinOvertakesAStragglerInAnotherTimeZone() {
        FaultWorld world = FaultWorld.shared();
        Map<String, String> settings = Map.of(
                "spark.speculation", "true",
                "spark.speculation.interval", "50ms",
                "spark.speculation.quantile", "0.5",
                "spark.speculation.multiplier", "1.5",
                "spark.speculation.minTaskRuntime", "300ms",
                "spark.executor.extraJavaOptions",
                        TestCluster.modules() + " -Duser.timezone=Pacific/Kiritimati -Duser.language=ar");
        try (TestCluster cluster = new TestCluster(settings)) {
            JavaSparkContext context =
                    JavaSparkContext.fromSparkContext(cluster.session().sparkContext());
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
                            + " executors in the time zone Pacific/Kiritimati and the language ar",
                    String.join(", ", events.twins()));
        }
    }
}
