package io.sparkpeft.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.cluster.TestCluster;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClusterIT {
    private static TestCluster executors;

    @BeforeAll
    static void start() {
        executors = new TestCluster(Map.of());
    }

    @AfterAll
    static void stop() {
        executors.close();
    }

    private static Throwable failure(Cluster.Task<Integer, Integer> task) {
        try (Cluster cluster = new Cluster(executors.session())) {
            return catchThrowable(() -> cluster.collect("fail", cluster.rdd(1, task)));
        }
    }

    @Test
    void aTaskWithoutMemorySaysSoAndIsNotBlamedOnTheCluster() {
        Throwable outside = failure((shard, configuration) -> (int) new FloatPointer(1L << 45).capacity());
        assertThat(outside)
                .isInstanceOf(JobException.class)
                .hasMessageContaining("memory of a task is exhausted (")
                .hasMessageEndingWith("or lower train.micro-batch-tokens")
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.CONFIG);

        Throwable heap = failure((shard, configuration) -> new long[1 << 28].length);
        assertThat(heap)
                .hasMessageContaining("(Java heap space)")
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.CONFIG);
    }
}
