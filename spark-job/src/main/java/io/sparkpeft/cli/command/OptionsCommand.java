package io.sparkpeft.cli.command;

import io.sparkpeft.config.file.OptionsTable;
import io.sparkpeft.console.Console;
import picocli.CommandLine.Command;

@Command(name = "options", description = "Prints every key of a recipe with its default and meaning, as Markdown.")
public final class OptionsCommand implements Runnable {
    private final Console console;

    public OptionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        console.line(OptionsTable.markdown());
    }
}
