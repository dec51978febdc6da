package io.sparkpeft.cli.command;

import io.sparkpeft.cli.option.RecipeSource;
import io.sparkpeft.console.Console;
import io.sparkpeft.report.ReportPage;
import io.sparkpeft.store.file.Storage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "report", description = "Writes report.html of a finished run again, from the files in its directory.")
public final class ReportCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "RUN_DIRECTORY", description = "The run directory: a path or a Hadoop URI.")
    private String run;

    public ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        console.line("the report is " + ReportPage.write(Storage.at(run, RecipeSource.configuration())));
    }
}
