package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.build.ProgramBuild;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.cluster.TestCluster;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors that have an old jar on their class path. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WrongBuildIT {
    @Test
    void executorsWithAnotherBuildRefuseToWork() throws Exception {
        FaultWorld world = FaultWorld.shared();
        Path old = world.file("old");
        Files.createDirectories(old.resolve("io/sparkpeft"));
        Files.writeString(old.resolve("io/sparkpeft/version.properties"), "version=0.0.9\n");
        Map<String, String> settings =
                Map.of("spark.executor.extraClassPath", old + File.pathSeparator + TestCluster.classPath());
        try (TestCluster cluster = new TestCluster(settings)) {
            assertThatThrownBy(() -> FaultWorld.run(cluster.session(), world.recipe("old"), new SmallWorld.Record()))
                    .isInstanceOfSatisfying(JobException.class, e -> {
                        assertThat(e.kind()).isEqualTo(FailureKind.CONFIG);
                        System.out.println("fault: a worker with another version: " + e.getMessage());
                    })
                    .hasMessageMatching("Cannot work on executor \\d at 127.0.0.\\d: it runs Spark PEFT 0.0.9 "
                            + "\\(build [0-9a-f]{12}\\), the driver runs .*; give both the same jar")
                    .hasMessageContaining("the driver runs " + ProgramBuild.own());
        }
    }
}
