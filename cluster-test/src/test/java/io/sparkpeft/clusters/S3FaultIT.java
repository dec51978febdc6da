package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.clusters.daemon.Directories;
import io.sparkpeft.clusters.daemon.S3;
import io.sparkpeft.clusters.daemon.S3Relay;
import io.sparkpeft.clusters.daemon.S3Relay.Request;
import io.sparkpeft.clusters.daemon.S3Relay.Treatment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** S3 behind a bad network, and two drivers that start at the same moment. */
class S3FaultIT {
    /** Every so many requests bring each kind of trouble once. */
    private static final int PERIOD = 150;

    /** Trouble in turn, and objects that are not there at first when they are looked for. */
    private static final class BadNetwork implements S3Relay.Network {
        private final String run;
        private final AtomicInteger requests = new AtomicInteger();
        private final Set<String> fresh = ConcurrentHashMap.newKeySet();
        private final Map<Treatment, LongAdder> counts = new ConcurrentHashMap<>();

        BadNetwork(String run) {
            this.run = run;
        }

        @Override
        public Treatment treatment(Request request) {
            Treatment treatment = choose(request);
            counts.computeIfAbsent(treatment, t -> new LongAdder()).increment();
            return treatment;
        }

        private Treatment choose(Request request) {
            boolean ofRun = request.path().contains(run);
            if (ofRun && Set.of("GET", "HEAD").contains(request.method()) && fresh.remove(request.path())) {
                return Treatment.NOT_FOUND;
            }
            if (ofRun && request.method().equals("PUT")) {
                fresh.add(request.path());
            }
            return switch (requests.incrementAndGet() % PERIOD) {
                case 5, 6, 30 -> Treatment.THROTTLED;
                case 15 -> Treatment.UNANSWERED;
                case 25 -> Treatment.CUT_OFF;
                case 45 -> Treatment.ANSWER_LOST;
                default -> requests.get() % 5 == 0 ? Treatment.DELAYED : Treatment.PASSED_ON;
            };
        }
    }

    @Test
    void aBadNetworkChangesNothing() throws Exception {
        World world = World.shared();
        S3 s3 = S3IT.withCorpora(world);
        BadNetwork network = new BadNetwork("runs/bad-network");
        try (S3Relay relay = new S3Relay(s3.port(), network)) {
            Path recipe = World.recipe(
                    "bad-network", s3.uri() + "/world", s3.uri() + "/world", s3.uri() + "/runs/bad-network");
            Submission submission = submission("bad-network", s3, relay);
            int starts = 0;
            Submission.Ended ended;
            do {
                ended = submission.run("finetune", recipe.toString());
                starts++;
            } while (ended.exitCode() == Submission.RETRYABLE && starts < 5);
            ended.requireSuccess();
            System.out.printf(
                    "fault: S3 requests by what was done to them: %s, %d start(s), same adapter%n",
                    network.counts, starts);
        }
        assertThat(network.counts.keySet()).containsExactlyInAnyOrder(Treatment.values());
        assertThat(s3.object("runs/bad-network/adapter/adapter.delta")).hasBinaryContent(world.expectedAdapter());
    }

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
        lines.add("spark.hadoop.fs.s3a.retry.interval 100ms");
        // A connection that nothing comes from is given up.
        lines.add("spark.hadoop.fs.s3a.connection.timeout 1000");
        Path properties = Files.write(Directories.create("properties-" + name).resolve("s3.properties"), lines);
        return Submission.to(name, "local[2]").with("--properties-file", properties.toString());
    }
}
