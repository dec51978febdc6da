package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.clusters.daemon.Directories;
import io.sparkpeft.clusters.daemon.S3;
import io.sparkpeft.clusters.daemon.S3Relay;
import io.sparkpeft.clusters.daemon.S3Relay.Treatment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two drivers that take one run on S3 at the same moment. */
class S3FaultIT {
    @Test
    void ofTwoDriversThatStartAtOnceOneGoesOn() throws Exception {
        World world = World.shared();
        S3 s3 = S3IT.withCorpora(world);
        CyclicBarrier both = new CyclicBarrier(2);
        AtomicInteger drivers = new AtomicInteger();
        S3Relay.Network network = request -> {
            // Each has found the directory empty; now both take it.
            if (request.method().equals("PUT")
                    && request.path().contains("runs/race/drivers/")
                    && drivers.getAndIncrement() < 2) {
                both.await(5, TimeUnit.MINUTES);
            }
            return Treatment.PASSED_ON;
        };
        try (S3Relay relay = new S3Relay(s3.port(), network)) {
            Path recipe = World.recipe("race", s3.uri() + "/world", s3.uri() + "/world", s3.uri() + "/runs/race");
            List<CompletableFuture<Submission.Ended>> running = new ArrayList<>();
            for (String name : List.of("race-one", "race-other")) {
                Submission submission = submission(name, s3, relay);
                running.add(CompletableFuture.supplyAsync(() -> run(submission, recipe)));
            }
            Submission.Ended one = running.get(0).get();
            Submission.Ended other = running.get(1).get();
            assertThat(List.of(one.exitCode(), other.exitCode()))
                    .as(one.output() + other.output())
                    .containsExactlyInAnyOrder(0, 75);
            assertThat((one.exitCode() == 75 ? one : other).output())
                    .contains("another driver has taken it over (driver 1: ");
        }
        assertThat(s3.object("runs/race/adapter/adapter.delta")).hasBinaryContent(world.expectedAdapter());
        try (var files = Files.list(s3.object("runs/race/drivers"))) {
            System.out.printf(
                    "fault: two drivers took one run on S3 at once (%s): one stopped with 75, the other finished, same adapter%n",
                    files.map(Path::getFileName).sorted().toList());
        }
    }

    private static Submission.Ended run(Submission submission, Path recipe) {
        try {
            return submission.run("finetune", recipe.toString());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Submission submission(String name, S3 s3, S3Relay relay) throws IOException {
        List<String> lines = new ArrayList<>(s3.propertiesThrough(relay.port()));
        // A connection that nothing comes from is given up.
        lines.add("spark.hadoop.fs.s3a.connection.timeout 2000");
        Path properties = Files.write(Directories.create("properties-" + name).resolve("s3.properties"), lines);
        return Submission.to(name, "local[2]").with("--properties-file", properties.toString());
    }
}
