package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.RandomBatches;
import io.sparkpeft.benchmark.StepBenchmark;
import io.sparkpeft.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "step",
        description = "Times whole optimiser steps of random weights on random tokens, each task one thread.")
final class StepCommand implements Runnable {
    private final Console console;

    @Mixin
    private ShapeOptions shape;

    @Mixin
    private MaskOptions mask;

    @Mixin
    private ReportOptions report;

    @Option(names = "--objective", paramLabel = "NAME", description = "classification (the default) or language-model.")
    private String objective = "classification";

    @Option(names = "--batch", paramLabel = "N", description = "Sequences of a step (default 16).")
    private int batch = 16;

    @Option(names = "--length", paramLabel = "N", description = "Tokens of every sequence (default 64).")
    private int length = 64;

    @Option(
            names = "--micro-batch-tokens",
            paramLabel = "N",
            description = "Most tokens that go through the model at once (default 4096).")
    private int microBatchTokens = 4096;

    @Option(names = "--steps", paramLabel = "N", description = "Measured steps (default 30).")
    private int steps = 30;

    @Option(names = "--warmup", paramLabel = "N", description = "Steps before them (default 30).")
    private int warmup = 30;

    @Option(names = "--tasks", paramLabel = "N", description = "Threads at once, each with its replica (default 1).")
    private int tasks = 1;

    StepCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        StepBenchmark benchmark = new StepBenchmark(
                shape.shape(),
                isLanguage(),
                new RandomBatches.StepSize(batch, length, microBatchTokens),
                mask.choice(),
                new StepBenchmark.Measure(steps, warmup, tasks),
                shape.seed(),
                shape.backend());
        report.print(benchmark.run(), console);
    }

    private boolean isLanguage() {
        return switch (objective) {
            case "classification" -> false;
            case "language-model" -> true;
            default ->
                throw new IllegalArgumentException(
                        "Invalid --objective: %s is none of classification, language-model".formatted(objective));
        };
    }
}
