package io.sparkpeft.clusters.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that says READY, does what it is told, and ends with its standard input, so at the latest with this one. */
final class Daemon {
    static final String READY = "READY";
    static final String DONE = "DONE ";

    private final Process process;
    private final BufferedReader output;
    private final Path log;

    private Daemon(Process process, Path log) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.log = log;
    }

    /**
     * @param directory where it works and its log goes
     * @return as soon as it is ready
     */
    static Daemon start(Class<?> main, Path directory, List<String> arguments, List<String> said) throws IOException {
        Files.createDirectories(directory);
        Path log = directory.resolve("daemon.log");
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-Djava.net.preferIPv4Stack=true"));
        // Reflection that Hadoop does on the JDK.
        command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(log.toFile())
                .start();
        Daemon daemon = new Daemon(process, log);
        daemon.await(READY, said);
        return daemon;
    }

    /** Has it do something; returns when it is done. */
    void tell(String command) throws IOException {
        Writer input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(command + "\n");
        input.flush();
        await(DONE + command, new ArrayList<>());
    }

    private void await(String sign, List<String> said) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals(sign)) {
                return;
            }
            said.add(line);
        }
        throw new IOException(
                "Cannot go on: the daemon ended, having said %s%n%s".formatted(said, Files.readString(log)));
    }
}
