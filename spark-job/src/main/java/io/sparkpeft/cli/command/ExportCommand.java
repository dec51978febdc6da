package io.sparkpeft.cli.command;

import io.sparkpeft.cli.option.RecipeOptions;
import io.sparkpeft.cli.option.RecipeSource;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Console;
import io.sparkpeft.export.ExportTarget;
import io.sparkpeft.export.MergedModel;
import io.sparkpeft.export.ShiraExport;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = "Puts an adapter on its base model, the recipe's, and writes the model in Hugging Face layout;"
                + " or writes the adapter as PEFT's SHiRA, for the base model.")
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
            description =
                    "Directory for the model or the adapter; it must be empty, or not exist, but for what the same export left unfinished.")
    private String target;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "model (default), or shira: an adapter that PEFT loads, of weights of linear layers alone.")
    private String format = "model";

    public ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        boolean shira = format.equals("shira");
        if (!shira && !format.equals("model")) {
            throw JobException.config("Invalid --format: %s is none of model, shira".formatted(format));
        }
        Recipe recipe = options.recipe();
        Configuration configuration = RecipeSource.configuration();
        Storage directory = Storage.at(target, configuration);
        String source = adapter.isEmpty() ? recipe.outputDirectory() + "/" + RunDirectory.ADAPTER : adapter;
        ExportTarget to = ExportTarget.of(directory, format, source);
        MergedModel model = MergedModel.read(recipe, source, configuration);
        if (shira) {
            ShiraExport written = ShiraExport.write(recipe, model, to);
            console.line("wrote an adapter of %,d weights in %,d places (r = %d) to %s, for the model in %s"
                    .formatted(
                            written.adapter().tuned(),
                            written.adapter().positions(),
                            written.adapter().rank(),
                            directory.uri(),
                            written.base()));
            return;
        }
        to.write(model::write);
        console.line("wrote %,d weights to %s".formatted(model.weights(), directory.uri()));
    }
}
