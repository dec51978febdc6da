package io.sparkpeft.cli.option;

import io.sparkpeft.command.ModelChoice;
import picocli.CommandLine.Option;

/** Which model a command uses. */
public final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "URI",
            description = "A checkpoint; if neither this nor --adapter is given, the model that the recipe's run made.")
    private String model = "";

    @Option(
            names = "--adapter",
            paramLabel = "URI",
            description = "An adapter for the model; without --model, for the recipe's model.path.")
    private String adapter = "";

    public ModelChoice choice() {
        return new ModelChoice(model, adapter);
    }
}
