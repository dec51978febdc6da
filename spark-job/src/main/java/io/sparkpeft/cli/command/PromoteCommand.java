package io.sparkpeft.cli.command;

import io.sparkpeft.cli.option.RecipeSource;
import io.sparkpeft.console.Console;
import io.sparkpeft.promote.Promotion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "promote",
        description =
                "Copies what a finished run made into a serving directory and makes it the current version, in one"
                        + " step for its readers.")
public final class PromoteCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run directory: a path or a Hadoop URI.")
    private String run;

    @Option(
            names = {"-t", "--to"},
            required = true,
            paramLabel = "URI",
            description = "The serving directory; it is made if it does not exist.")
    private String target;

    public PromoteCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        String version = Promotion.promote(run, target, RecipeSource.configuration());
        console.line("current version of %s is now %s".formatted(target, version));
    }
}
