package io.sparkpeft.cli.command;

import io.sparkpeft.cli.option.RecipeSource;
import io.sparkpeft.console.Console;
import io.sparkpeft.inspect.Inspection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Prints what a run directory, a model, an adapter or a mask holds.")
public final class InspectCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "PATH", description = "A directory or file: a path or a Hadoop URI.")
    private String path;

    public InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Inspection.of(path, RecipeSource.configuration()).forEach(console::line);
    }
}
