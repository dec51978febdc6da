package io.sparkpeft;

import io.sparkpeft.cli.CommandLineProgram;
import io.sparkpeft.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs commands on local Spark as a user types them. */
final class CommandRunner implements AutoCloseable {
    private static final Map<String, String> SPARK = Map.of(
            "spark.master", "local[2]",
            "spark.ui.enabled", "false",
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.sql.shuffle.partitions", "2");

    CommandRunner() {
        SPARK.forEach(System::setProperty);
    }

    /** What a command came to. */
    record Result(int exitCode, String output, String errors) {}

    /** The command with a recipe of the text given as its first argument. */
    Result run(String command, String recipe, String... arguments) {
        try {
            Path file = Files.writeString(Files.createTempFile("recipe", ".conf"), recipe);
            List<String> all = new ArrayList<>(List.of(command, file.toString()));
            all.addAll(List.of(arguments));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
            PrintStream toErrors = new PrintStream(errors, true, StandardCharsets.UTF_8);
            int exitCode =
                    new CommandLineProgram(new SparkProgram(), console, toErrors).run(all.toArray(String[]::new));
            Files.delete(file);
            return new Result(
                    exitCode,
                    out.toString(StandardCharsets.UTF_8),
                    errors.toString(StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        SPARK.keySet().forEach(System::clearProperty);
    }
}
