package io.sparkpeft.cli;

import io.sparkpeft.config.file.OptionsTable;
import io.sparkpeft.console.Console;
import picocli.CommandLine.Command;

@Command(name = "options", description = "Prints every key of a recipe with its default and meaning, as Markdown.")
final class OptionsCommand implements Runnable {
    private final Console console;

    OptionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        console.line(OptionsTable.markdown());
    }
}
