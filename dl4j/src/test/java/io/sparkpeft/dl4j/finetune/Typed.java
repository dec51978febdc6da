package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.SparkProgram;
import io.sparkpeft.cli.CommandLineProgram;
import io.sparkpeft.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command that a user types came to.
 *
 * @param exitCode of the command
 * @param text all that it said
 */
record Typed(int exitCode, String text) {
    /** Runs {@code submit/submit.sh}, in processes of its own. */
    static Typed script(String... words) throws IOException, InterruptedException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        List<String> command =
                new ArrayList<>(List.of(root.resolve("submit/submit.sh").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().remove("SPARK_HOME");
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Typed(process.waitFor(), text);
    }

    /** Runs the command in this process, on {@code local[1]}. */
    static Typed here(String... words) {
        System.setProperty("spark.master", "local[1]");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.driver.bindAddress", "127.0.0.1");
        System.setProperty("spark.driver.host", "localhost");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            int code = new CommandLineProgram(new SparkProgram(), new Console(stream, false), stream).run(words);
            return new Typed(code, said.toString(StandardCharsets.UTF_8));
        } finally {
            List.of("spark.master", "spark.ui.enabled", "spark.driver.bindAddress", "spark.driver.host")
                    .forEach(System::clearProperty);
        }
    }
}
