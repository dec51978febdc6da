package io.sparkpeft.compute.cuda.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a compiler or another program said, and how it ended. */
record Tool(int code, String output) {
    /** Whether there is a program of this name that tells its version. */
    static boolean exists(String program) {
        try {
            return start(List.of(program, "--version")).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static Tool run(String... command) {
        try {
            return start(List.of(command));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + String.join(" ", command), e);
        }
    }

    private static Tool start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Tool(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot wait for %s: interrupted".formatted(command.get(0)), e);
        }
    }
}
