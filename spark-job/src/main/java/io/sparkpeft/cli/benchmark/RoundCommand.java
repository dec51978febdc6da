package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.input.ModelShape;
import io.sparkpeft.benchmark.round.RoundBenchmark;
import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.console.Console;
import io.sparkpeft.spark.OwnSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "round",
        description = "Times whole rounds on Spark, the first and the later ones, with a checkpoint after each.")
final class RoundCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ReportOptions report;

    @Option(
            names = "--shape",
            paramLabel = "NAME",
            description = "tinystories (the default), bert-mini, bert-base or gpt2-small.")
    private String shape = "tinystories";

    @Option(names = "--weights", paramLabel = "K", description = "Tuned weights (default 10000).")
    private long weights = 10_000;

    @Option(names = "--shards", paramLabel = "N", description = "Shards of the training data (default 1).")
    private int shards = 1;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of a round (default 0: empty rounds).")
    private int steps;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default 60); the second half is measured.")
    private int rounds = 60;

    @Option(
            names = "--moments",
            paramLabel = "VALUE",
            description =
                    "The optimiser's moments, as train.moments of a recipe: average (the default), average-bf16, reset.")
    private String moments = "average";

    RoundCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        RoundBenchmark benchmark = new RoundBenchmark(
                ModelShape.named(shape),
                new RoundBenchmark.Size(
                        weights, shards, steps, rounds, Choice.of(Moments.class, "--moments", moments)));
        Path directory = Files.createTempDirectory("sparkpeft-benchmark");
        try (OwnSession spark = OwnSession.start("sparkpeft benchmark")) {
            report.print(benchmark.run(spark.session(), directory), console);
        } finally {
            delete(directory);
        }
        return 0;
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
