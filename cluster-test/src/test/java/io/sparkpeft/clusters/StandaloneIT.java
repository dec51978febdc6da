package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.clusters.daemon.Standalone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A standalone cluster of separate processes makes the bits that one process makes. */
class StandaloneIT {
    @Test
    void twoWorkersGiveTheSameBits() throws Exception {
        World world = World.shared();
        Standalone cluster = Standalone.shared();
        Path run = world.directory().resolve("run-standalone");
        Path recipe = World.recipe(
                "standalone", world.directory().toUri(), world.directory().toUri(), run.toUri());
        Submission.to("standalone", cluster.master())
                .with("--conf", "spark.executor.cores=1", "--conf", "spark.cores.max=2")
                .run("finetune", recipe.toString())
                .requireSuccess();
        assertThat(Files.readAllBytes(run.resolve("adapter/adapter.delta"))).isEqualTo(world.expectedAdapter());
        assertThat(executors(cluster)).as("executor processes").isGreaterThanOrEqualTo(2);
    }

    private static long executors(Standalone cluster) throws Exception {
        try (Stream<Path> files = Files.walk(cluster.directory())) {
            return files.filter(file -> file.endsWith("stderr")).count();
        }
    }
}
