package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.console.Console;
import picocli.CommandLine.Option;

/** How a benchmark says what it found. */
final class ReportOptions {
    @Option(names = "--json", description = "Prints one line of JSON instead of a table.")
    private boolean json;

    void print(Report report, Console console) {
        if (json) {
            console.line(report.json());
        } else {
            report.text().forEach(console::line);
        }
    }
}
