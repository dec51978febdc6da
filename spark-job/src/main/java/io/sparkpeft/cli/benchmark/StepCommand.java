package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.StepBenchmark;
import io.sparkpeft.benchmark.input.RandomBatches;
import io.sparkpeft.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "step", description = "Times whole optimiser steps on random tokens, each task one thread.")
final class StepCommand implements Runnable {
    private static final int STEPS = 30;

    private final Console console;

    @Mixin
    private ShapeOptions shape;

    @Mixin
    private ObjectiveOption objective;

    @Mixin
    private MaskOptions mask;

    @Mixin
    private MeasureOptions measure;

    @Mixin
    private ReportOptions report;

    @Option(names = "--batch", paramLabel = "N", description = "Sequences of a step (default 16).")
    private int batch = 16;

    @Option(names = "--length", paramLabel = "N", description = "Tokens of every sequence (default 64).")
    private int length = 64;

    StepCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        StepBenchmark benchmark = new StepBenchmark(
                shape.source(),
                objective.isLanguage(),
                new RandomBatches.StepSize(batch, length, measure.microBatchTokens()),
                mask.choice(),
                measure.measure(STEPS),
                measure.batchFile());
        report.print(benchmark.run(), console);
    }
}
