package io.sparkpeft.cli.benchmark;

import io.sparkpeft.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The parent of all benchmarks. */
@Command(
        name = "benchmark",
        synopsisSubcommandLabel = "BENCHMARK",
        description = "Measures the engine on this machine: speed, memory and what they come from.")
public final class BenchmarkCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private BenchmarkCommand() {}

    /** The command with every benchmark under it. */
    public static CommandLine create(Console console) {
        return new CommandLine(new BenchmarkCommand())
                .addSubcommand(new StepCommand(console))
                .addSubcommand(new EpochCommand(console))
                .addSubcommand(new ImportanceCommand(console))
                .addSubcommand(new RoundCommand(console))
                .addSubcommand(new MergeCommand(console));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing benchmark");
    }
}
