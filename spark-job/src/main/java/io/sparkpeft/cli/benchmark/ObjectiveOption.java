package io.sparkpeft.cli.benchmark;

import picocli.CommandLine.Option;

/** What the model is trained to do. */
final class ObjectiveOption {
    @Option(
            names = "--objective",
            paramLabel = "NAME",
            description = "classification (the default) or language-model, the family's own.")
    private String objective = "classification";

    /** @throws IllegalArgumentException if there is no such objective */
    boolean isLanguage() {
        return switch (objective) {
            case "classification" -> false;
            case "language-model" -> true;
            default ->
                throw new IllegalArgumentException(
                        "Invalid --objective: %s is none of classification, language-model".formatted(objective));
        };
    }
}
