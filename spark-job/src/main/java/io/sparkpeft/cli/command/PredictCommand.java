package io.sparkpeft.cli.command;

import io.sparkpeft.cli.option.ModelOptions;
import io.sparkpeft.cli.option.RecipeOptions;
import io.sparkpeft.command.PredictRequest;
import io.sparkpeft.command.Program;
import io.sparkpeft.config.DataRecipe;
import io.sparkpeft.console.Console;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "predict",
        description = "Scores a corpus into Parquet: label and probabilities, or cross-entropy for language models.")
public final class PredictCommand implements Runnable {
    private final Program program;
    private final Console console;

    @Mixin
    private RecipeOptions options;

    @Mixin
    private ModelOptions model;

    @Option(
            names = {"-i", "--input"},
            required = true,
            paramLabel = "URI",
            description = "The corpus; may be given several times.")
    private List<String> input;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "auto (the default), text, tsv, csv, jsonl or parquet.")
    private String format = "auto";

    @Option(
            names = {"-p", "--predictions"},
            required = true,
            paramLabel = "URI",
            description = "Directory for the result.")
    private String predictions;

    @Option(names = "--force", description = "Replaces a result that is there.")
    private boolean force;

    public PredictCommand(Program program, Console console) {
        this.program = program;
        this.console = console;
    }

    @Override
    public void run() {
        DataRecipe.Source source = new DataRecipe.Source(List.copyOf(input), parsedFormat());
        PredictRequest request = new PredictRequest(source, predictions, force);
        program.predict(options.recipe(), model.choice(), request, console);
    }

    private DataRecipe.Format parsedFormat() {
        try {
            return DataRecipe.Format.valueOf(format.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Invalid --format: %s is none of auto, text, tsv, csv, jsonl, parquet".formatted(format), e);
        }
    }
}
