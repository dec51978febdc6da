package io.sparkpeft.cli.option;

import io.sparkpeft.config.Recipe;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which recipe a command follows. */
public final class RecipeOptions {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe: a file or a Hadoop URI.")
    private String recipe;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "KEY=VALUE",
            description = "Overrides one key of the recipe; may be given several times.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "URI",
            description = "The run directory; short for --set output.directory=URI.")
    private String output = "";

    /** @throws io.sparkpeft.failure.JobException if it is not there, or not valid */
    public Recipe recipe() {
        return recipe(List.of());
    }

    /** @param more settings, before those of the command line, which so win */
    public Recipe recipe(List<String> more) {
        List<String> all = new ArrayList<>(more);
        all.addAll(settings);
        if (!output.isEmpty()) {
            all.add("output.directory=" + output);
        }
        return RecipeSource.load(recipe, all);
    }
}
