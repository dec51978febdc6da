package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.Measure;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How long training is measured, and what is kept of it. */
final class MeasureOptions {
    @Option(names = "--steps", paramLabel = "N", description = "Measured steps; default 30, the whole of an epoch.")
    private int steps;

    @Option(names = "--warmup", paramLabel = "N", description = "Steps before them (default 30).")
    private int warmup = 30;

    @Option(names = "--tasks", paramLabel = "N", description = "Threads at once, each with its replica (default 1).")
    private int tasks = 1;

    @Option(
            names = "--profile-steps",
            paramLabel = "N",
            description = "Steps after the measure whose kernels are counted (default 5; 0: none).")
    private int profiled = 5;

    @Option(
            names = "--micro-batch-tokens",
            paramLabel = "N",
            description = "Most tokens that go through the model at once (default 4096).")
    private int microBatchTokens = 4096;

    @Option(
            names = "--write-batches",
            paramLabel = "FILE",
            description = "Writes the measured batches as JSON, one step a line, for other programs.")
    private String batches = "";

    /** @param otherwise number of steps if none is given */
    Measure measure(int otherwise) {
        return new Measure(steps == 0 ? otherwise : steps, warmup, tasks, profiled);
    }

    int microBatchTokens() {
        return microBatchTokens;
    }

    Optional<Path> batchFile() {
        return batches.isEmpty() ? Optional.empty() : Optional.of(Path.of(batches));
    }
}
