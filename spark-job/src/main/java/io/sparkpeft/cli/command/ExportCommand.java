package io.sparkpeft.cli.command;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Console;
import io.sparkpeft.export.MergedModel;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.Storage;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = "Puts an adapter on its base model, the recipe's, and writes the model in Hugging Face layout.")
public final class ExportCommand implements Runnable {
    private final Console console;

    @Mixin
    private RecipeOptions options;

    @Option(
            names = "--adapter",
            paramLabel = "URI",
            description = "Directory of the adapter; without it, the one that the recipe's run made.")
    private String adapter = "";

    @Option(
            names = {"-t", "--to"},
            required = true,
            paramLabel = "URI",
            description = "Directory for the model; it must be empty, or not exist.")
    private String target;

    public ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Recipe recipe = options.recipe();
        Configuration configuration = RecipeSource.configuration();
        Storage directory = Storage.at(target, configuration);
        if (!directory.list().isEmpty()) {
            throw JobException.config("Cannot export to %s: it is not empty".formatted(directory.uri()));
        }
        String source = adapter.isEmpty() ? recipe.outputDirectory() + "/" + RunDirectory.ADAPTER : adapter;
        MergedModel model = MergedModel.read(recipe, source, configuration);
        model.write(directory);
        console.line("wrote %,d weights to %s".formatted(model.weights(), directory.uri()));
    }
}
