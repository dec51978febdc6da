package io.sparkpeft.cli.benchmark;

import java.util.List;
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
        return Choice.require(List.of("classification", "language-model"), "--objective", objective)
                .equals("language-model");
    }
}
