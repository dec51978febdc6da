package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.clusters.daemon.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A command as users submit it: {@code submit/submit.sh} with the Spark home that it makes of Maven's jars.
 *
 * @param name of its directory, in which it leaves its output
 * @param environment variables beside this process's own
 * @param options of spark-submit
 */
record Submission(String name, Map<String, String> environment, List<String> options) {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final int RETRYABLE = 75;
    private static final long MOST_MINUTES = 8;

    static Submission to(String name, String master) {
        return new Submission(name, Map.of(), List.of("--master", master));
    }

    Submission with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new Submission(name, environment, all);
    }

    Submission in(Map<String, String> variables) {
        return new Submission(name, variables, options);
    }

    /** What a command came to. */
    record Ended(int exitCode, String output) {
        Ended requireSuccess() {
            assertThat(exitCode).as(output).isZero();
            return this;
        }
    }

    Ended run(String... command) throws Exception {
        Path log = log();
        return waitFor(start(log, command), log);
    }

    /** Something that a test does while a command runs. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** Does something as soon as the condition holds, which must be before the command's end, and waits for that. */
    Ended run(BooleanSupplier condition, Action action, String... command) throws Exception {
        Path log = log();
        Process process = start(log, command);
        await(condition, process, log);
        action.run();
        assertThat(process.isAlive() || process.exitValue() == RETRYABLE)
                .as("ended before it was done:%n%s", Files.readString(log))
                .isTrue();
        return waitFor(process, log);
    }

    /** Ends the driver, and whatever it started, by SIGKILL as soon as the condition holds. */
    void runUntil(BooleanSupplier condition, String... command) throws Exception {
        Path log = log();
        Process process = start(log, command);
        await(condition, process, log);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    private static void await(BooleanSupplier condition, Process process, Path log) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MOST_MINUTES);
        while (process.isAlive() && System.nanoTime() < deadline && !condition.getAsBoolean()) {
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        assertThat(process.isAlive())
                .as("ended by itself:%n%s", Files.readString(log))
                .isTrue();
    }

    private Path log() throws IOException {
        return Directories.create("log-" + name).resolve("output.log");
    }

    private static Ended waitFor(Process process, Path log) throws Exception {
        boolean ended = process.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
        assertThat(ended).as("does not end:%n%s", Files.readString(log)).isTrue();
        return new Ended(process.exitValue(), Files.readString(log));
    }

    private Process start(Path log, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("bash", "submit/submit.sh"));
        words.addAll(options);
        words.addAll(List.of("--driver-memory", "512m", "--executor-memory", "512m"));
        words.addAll(List.of("--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=2"));
        words.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().remove("SPARK_HOME");
        builder.environment().put("OFF_HEAP", "256");
        builder.environment().putAll(environment);
        return builder.start();
    }
}
