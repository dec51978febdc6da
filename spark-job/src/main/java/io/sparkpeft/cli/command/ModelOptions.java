package io.sparkpeft.cli.command;

import io.sparkpeft.command.ModelChoice;
import picocli.CommandLine.Option;

/** Which model a command uses. */
final class ModelOptions {
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

    ModelChoice choice() {
        return new ModelChoice(model, adapter);
    }
}
