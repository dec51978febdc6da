package io.sparkpeft.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "sparkpeft",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Prunes and fine-tunes language models on a Spark cluster, a small share of their weights at a time.",
        footer = {
            "",
            "Exit codes: 0 done, or done already; 2 wrong recipe or option; 3 input missing or unreadable;",
            "4 the result does not meet the recipe's limits; 75 the cluster or the storage failed, try again; 1 a fault."
        })
final class RootCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Shows this help.")
    private boolean help;

    @Option(
            names = "--verbose",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Shows where in the program a failure came from.")
    private boolean verbose;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    private boolean version;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }
}
