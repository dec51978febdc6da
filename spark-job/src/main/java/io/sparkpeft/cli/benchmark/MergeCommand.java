package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.merge.MergeBenchmark;
import io.sparkpeft.benchmark.merge.MergeMethod;
import io.sparkpeft.console.Console;
import io.sparkpeft.spark.OwnSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "merge", description = "Times how the updates of a round's shards become one, for each method.")
final class MergeCommand implements Runnable {
    private final Console console;

    @Mixin
    private ReportOptions report;

    @Option(names = "--weights", paramLabel = "K", description = "Weights of an update (default 1000000).")
    private int weights = 1_000_000;

    @Option(names = "--shards", paramLabel = "N", description = "Updates (default 8).")
    private int shards = 8;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            description = "driver (the default: summed in order by the driver), shuffle (slices summed in order by "
                    + "executors) or tree (Spark's treeAggregate).")
    private String method = "driver";

    @Option(names = "--moments", description = "Merges the optimiser's moments too.")
    private boolean moments;

    @Option(names = "--repeats", paramLabel = "N", description = "Measured merges (default 7), after three to warm up.")
    private int repeats = 7;

    MergeCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        MergeBenchmark benchmark =
                new MergeBenchmark(Choice.of(MergeMethod.class, "--method", method), weights, shards, moments, repeats);
        try (OwnSession spark = OwnSession.start("sparkpeft benchmark")) {
            report.print(benchmark.run(spark.session()), console);
        }
    }
}
