package io.sparkpeft.clusters.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories of this process's tests, below {@code target}: what failed can be looked at until the next build. */
public final class Directories {
    private static final Path ALL = Path.of("target", "clusters").toAbsolutePath();

    private Directories() {}

    /** An empty directory of that name. */
    public static Path create(String name) throws IOException {
        Path directory = ALL.resolve(name);
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(directory);
    }
}
