package io.sparkpeft.fault.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Waits for what other processes do. */
public final class Awaiting {
    private static final long MINUTES = 5;

    private Awaiting() {}

    public interface Condition {
        boolean holds() throws IOException;
    }

    /** Comes back when the condition holds. */
    public static void until(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** The files in a directory whose names begin so; none if there is no directory. */
    public static List<Path> files(Path directory, String prefix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    /** Ends a process as the kernel does that is out of memory. */
    public static void kill(long process) {
        ProcessHandle handle = ProcessHandle.of(process).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().join();
    }
}
