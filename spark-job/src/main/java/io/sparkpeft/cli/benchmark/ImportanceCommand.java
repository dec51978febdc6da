package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.ImportanceBenchmark;
import io.sparkpeft.benchmark.input.MaskChoice;
import io.sparkpeft.benchmark.input.RandomBatches;
import io.sparkpeft.console.Console;
import io.sparkpeft.mask.Granularity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "importance",
        description = "Times an importance pass against a dense training pass over the same examples, alternately.")
final class ImportanceCommand implements Runnable {
    private final Console console;

    @Mixin
    private ShapeOptions shape;

    @Mixin
    private ObjectiveOption objective;

    @Mixin
    private ReportOptions report;

    @Option(names = "--criterion", paramLabel = "NAME", description = "Whose statistic is summed (default fisher).")
    private String criterion = "fisher";

    @Option(names = "--examples", paramLabel = "N", description = "Examples of a pass (default 1024).")
    private int examples = 1024;

    @Option(names = "--batch", paramLabel = "N", description = "Sequences of a batch (default 16).")
    private int batch = 16;

    @Option(names = "--length", paramLabel = "N", description = "Tokens of every sequence (default 64).")
    private int length = 64;

    @Option(
            names = "--micro-batch-tokens",
            paramLabel = "N",
            description = "Most tokens that go through the model at once (default 4096).")
    private int microBatchTokens = 4096;

    @Option(names = "--rounds", paramLabel = "N", description = "Measured pairs of passes (default 5).")
    private int rounds = 5;

    ImportanceCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        RandomBatches.StepSize size = new RandomBatches.StepSize(batch, length, microBatchTokens);
        if (examples % batch != 0) {
            throw new IllegalArgumentException(
                    "Invalid --examples: %d are no multiple of --batch %d".formatted(examples, batch));
        }
        ImportanceBenchmark benchmark = new ImportanceBenchmark(
                shape.source(),
                objective.isLanguage(),
                size,
                examples / batch,
                criterion,
                new MaskChoice(1, criterion, Granularity.ELEMENT),
                rounds);
        report.print(benchmark.run(), console);
    }
}
