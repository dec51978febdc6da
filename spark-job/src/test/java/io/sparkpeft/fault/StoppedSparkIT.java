package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.run.RoundReport;
import io.sparkpeft.spark.OwnSession;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spark that a cluster stops in the middle of a run, as it does where a user or the cluster's manager ends applications. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StoppedSparkIT {
    @Test
    void theRunMayBeStartedAgain() {
        FaultWorld world = FaultWorld.shared();
        try (OwnSession spark = OwnSession.of(SmallWorld.session("local[2]"))) {
            SmallWorld.Record record = new SmallWorld.Record() {
                @Override
                public void round(RoundReport report) {
                    super.round(report);
                    if (report.round() == 2) {
                        spark.session().stop();
                    }
                }
            };
            assertThatThrownBy(() -> spark.work(session -> FaultWorld.run(session, world.recipe("stopped"), record)))
                    .isInstanceOfSatisfying(
                            JobException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE))
                    .hasMessage("Cannot go on: the cluster ended the Spark application, or its master cannot be"
                            + " reached; Spark's log says which");
        }
        SmallWorld.Record resumed = new SmallWorld.Record();
        try (OwnSession spark = OwnSession.of(SmallWorld.session("local[2]"))) {
            spark.work((SparkSession session) -> FaultWorld.run(session, world.recipe("stopped"), resumed));
        }
        assertThat(resumed.rounds).extracting(RoundReport::round).containsExactly(3, 4);
        world.assertSameBits("stopped", resumed);
        world.tell("Spark was stopped after round 2: exit 75, the next start went on with round 3");
    }
}
