package io.sparkpeft.cli;

import io.sparkpeft.cli.benchmark.BenchmarkCommand;
import io.sparkpeft.cli.command.EvaluateCommand;
import io.sparkpeft.cli.command.ExportCommand;
import io.sparkpeft.cli.command.FineTuneCommand;
import io.sparkpeft.cli.command.InspectCommand;
import io.sparkpeft.cli.command.OptionsCommand;
import io.sparkpeft.cli.command.PredictCommand;
import io.sparkpeft.cli.command.PrepareCommand;
import io.sparkpeft.cli.command.PromoteCommand;
import io.sparkpeft.cli.command.ReportCommand;
import io.sparkpeft.cli.command.SampleCommand;
import io.sparkpeft.command.Program;
import io.sparkpeft.console.Console;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.Versions;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The subcommands, their help, and how failures become one sentence and an exit code. */
public final class CommandLineProgram {
    private final Program program;
    private final Console console;
    private final PrintStream errors;

    public CommandLineProgram(Program program, Console console, PrintStream errors) {
        this.program = program;
        this.console = console;
        this.errors = errors;
    }

    /** Runs one command and gives its exit code; never throws. */
    public int run(String... arguments) {
        try {
            return execute(arguments);
        } catch (OutOfMemoryError e) {
            say("Cannot go on: memory is exhausted (%s); give the driver more, or lower train.micro-batch-tokens"
                    .formatted(Sentence.of(e.getMessage())));
            return FailureKind.CONFIG.exitCode();
        }
    }

    private int execute(String... arguments) {
        CommandLine line = new CommandLine(new RootCommand())
                .addSubcommand(new FineTuneCommand(program, console))
                .addSubcommand(new PrepareCommand(program, console))
                .addSubcommand(new EvaluateCommand(program, console))
                .addSubcommand(new PredictCommand(program, console))
                .addSubcommand(new ExportCommand(console))
                .addSubcommand(new PromoteCommand(console))
                .addSubcommand(new InspectCommand(console))
                .addSubcommand(new ReportCommand(console))
                .addSubcommand(new SampleCommand(console))
                .addSubcommand(BenchmarkCommand.create(console))
                .addSubcommand(new OptionsCommand(console))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(this::misused)
                .setExecutionExceptionHandler(this::failed)
                .setOut(new PrintWriter(console.stream(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(errors, true, StandardCharsets.UTF_8));
        line.getCommandSpec().version("sparkpeft %s (commit %s)".formatted(Versions.program(), Versions.commit()));
        return line.execute(arguments);
    }

    private int misused(CommandLine.ParameterException e, String[] arguments) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        say("%s (%s --help shows how)".formatted(Misuse.sentence(e), command));
        return FailureKind.CONFIG.exitCode();
    }

    private int failed(Exception e, CommandLine line, ParseResult result) {
        JobException failure = Failures.explain(e);
        say(Sentence.of(failure.getMessage()));
        if (isVerbose(result)) {
            e.printStackTrace(errors);
        } else if (failure.kind() == FailureKind.INTERNAL) {
            say("This is a fault of the program; --verbose shows where.");
        } else if (failure.kind() == FailureKind.RETRYABLE) {
            say(
                    line.getCommandName().equals(FineTuneCommand.NAME)
                            ? "Started again, the run goes on from its last checkpoint."
                            : "Started again, the command may end well.");
        }
        return failure.kind().exitCode();
    }

    private static boolean isVerbose(ParseResult result) {
        return result.asCommandLineList().stream()
                .anyMatch(command -> command.getParseResult().hasMatchedOption("--verbose"));
    }

    private void say(String sentence) {
        console.clear();
        errors.println(sentence);
    }
}
