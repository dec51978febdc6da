package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job as a user submits it: one recipe, several clusters, a driver that is killed; always the same adapter. */
class SubmitIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    static Path temporary;

    private static SmallWorld world;
    private static byte[] expected;

    @BeforeAll
    static void runOnOneCore() throws Exception {
        world = SmallWorld.in(temporary);
        Files.writeString(temporary.resolve("small.conf"), world.recipeText("one") + "prune.sparsity = 0.2\n");
        // With all of Java's compilers, as users have them; what the tests start uses one, and has to come to the same.
        ProcessBuilder asUsersDo = submission("local[1]", "one");
        asUsersDo.environment().remove("JDK_JAVA_OPTIONS");
        Ended ended = start(asUsersDo).waitFor();
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("masked, tuned", "target sparsity reached");
        expected = adapter("one");
    }

    @Test
    void twoCoresGiveTheSameBits() throws Exception {
        Ended ended = submit("local[2]", "two").waitFor();
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(adapter("two")).isEqualTo(expected);
    }

    @Test
    void separateExecutorsGiveTheSameBits() throws Exception {
        Ended ended = submit("local-cluster[2,1,2048]", "executors").waitFor();
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(adapter("executors")).isEqualTo(expected);
    }

    @Test
    void aKilledDriverGoesOnToTheSameBits() throws Exception {
        Running running = submit("local[2]", "killed");
        Path checkpoints = world.run("killed").resolve("checkpoints");
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (finished(checkpoints) < 1
                && System.nanoTime() < deadline
                && running.process().isAlive()) {
            running.process().waitFor(20, TimeUnit.MILLISECONDS);
        }
        running.process().descendants().forEach(ProcessHandle::destroyForcibly);
        running.process().destroyForcibly();
        running.waitFor();
        assertThat(world.run("killed").resolve("_SUCCESS")).doesNotExist();

        Ended ended = submit("local[2]", "killed").waitFor();
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("going on with the interrupted run");
        assertThat(adapter("killed")).isEqualTo(expected);
    }

    private static long finished(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return 0;
        }
        try (Stream<Path> directories = Files.list(checkpoints)) {
            return directories
                    .filter(directory -> Files.exists(directory.resolve("manifest.json")))
                    .count();
        }
    }

    private static byte[] adapter(String run) throws IOException {
        return Files.readAllBytes(world.run(run).resolve("adapter/adapter.delta"));
    }

    private record Ended(int exitCode, String output) {}

    private record Running(Process process, Path output) {
        Ended waitFor() throws InterruptedException, IOException {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            return new Ended(process.exitValue(), Files.readString(output));
        }
    }

    private static Running submit(String master, String run) throws IOException {
        return start(submission(master, run));
    }

    private static Running start(ProcessBuilder command) throws IOException {
        Path output = Files.createTempFile(temporary, "submit", ".log");
        return new Running(command.redirectOutput(output.toFile()).start(), output);
    }

    private static ProcessBuilder submission(String master, String run) {
        List<String> command = new ArrayList<>(List.of("bash", "submit/submit.sh", "--master", master));
        command.addAll(List.of("--driver-memory", "1g", "--conf", "spark.ui.enabled=false"));
        command.addAll(List.of("finetune", temporary.resolve("small.conf").toString()));
        command.addAll(List.of("--output", world.run(run).toString(), "--set", "train.steps=40"));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true);
        builder.environment().remove("SPARK_HOME");
        return builder;
    }
}
