package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.EpochBenchmark;
import io.sparkpeft.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "epoch",
        description =
                "Times an epoch over a corpus with its real lengths. Random weights get the tokenizer's vocabulary.")
final class EpochCommand implements Runnable {
    private static final int WHOLE_EPOCH = 0;

    private final Console console;

    @Mixin
    private ShapeOptions shape;

    @Mixin
    private TextOptions text;

    @Mixin
    private ObjectiveOption objective;

    @Mixin
    private MaskOptions mask;

    @Mixin
    private MeasureOptions measure;

    @Mixin
    private ReportOptions report;

    @Option(names = "--batch", paramLabel = "N", description = "Examples of a step (default 32).")
    private int batch = 32;

    EpochCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        EpochBenchmark benchmark = new EpochBenchmark(
                shape.source(),
                objective.isLanguage(),
                text.source(shape.model(), objective.isLanguage()),
                new EpochBenchmark.Batches(batch, measure.microBatchTokens()),
                mask.choice(),
                measure.measure(WHOLE_EPOCH),
                measure.batchFile());
        report.print(benchmark.run(), console);
    }
}
