package io.sparkpeft.cli.command;

import io.sparkpeft.cli.option.RecipeSource;
import io.sparkpeft.command.NetworkProgram;
import io.sparkpeft.console.Console;
import io.sparkpeft.datasets.sample.SampleWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "sample",
        description =
                "Writes a small generated world to try things out on: stories, two tasks, a small pre-trained model.")
public final class SampleCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "URI", description = "Directory for it.")
    private String directory;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "What it is generated from (default 42, the only one whose model has weights).")
    private long seed = SampleWorld.SEED;

    @Option(
            names = "--network",
            description = "Writes a small trained DL4J network and tables for it instead, whatever the seed.")
    private boolean network;

    public SampleCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (network) {
            NetworkProgram.find("write a sample network").sample(directory, console);
            return;
        }
        try {
            SampleWorld.write(RecipeSource.configuration(), new Path(directory), seed);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write %s: %s".formatted(directory, e.getMessage()), e);
        }
        console.line("wrote the sample world to " + directory);
    }
}
