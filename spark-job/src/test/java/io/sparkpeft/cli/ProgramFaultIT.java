package io.sparkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.spark.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Spark itself makes of a failing task. */
class ProgramFaultIT {
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SmallWorld.session("local[1,2]");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static JobException explained(Cluster.Task<Integer, Integer> task) {
        try (Cluster cluster = new Cluster(spark)) {
            return Failures.explain(catchThrowable(() -> cluster.collect("fail", cluster.rdd(1, task))));
        }
    }

    @Test
    void aFaultOfTheProgramInATaskIsNotBlamedOnTheCluster() {
        JobException fault =
                explained((shard, configuration) -> List.<Integer>of().get(shard));
        assertThat(fault.kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(fault).hasMessageContaining("IndexOutOfBoundsException");
    }

    @Test
    void whatTheStorageDidInATaskMayBeTriedAgain() {
        assertThat(explained((shard, configuration) -> {
                            throw new IOException("reset");
                        })
                        .kind())
                .isEqualTo(FailureKind.RETRYABLE);
        assertThat(explained((shard, configuration) -> {
                            throw new IllegalStateException("x", new UncheckedIOException(new IOException("reset")));
                        })
                        .kind())
                .isEqualTo(FailureKind.RETRYABLE);
    }
}
