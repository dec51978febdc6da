package io.sparkpeft.datasets;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Real data that lies beside the checkout and is no part of it: the folder that the system property
 * {@code sparkpeft.shared} names, else {@code shared/data} in or beside a parent of the working directory.
 */
public final class SharedData {
    private SharedData() {}

    /** A file or folder of the shared data; the test is skipped where there is none. */
    public static Path require(String relativePath) {
        Optional<Path> found = root().map(root -> root.resolve(relativePath)).filter(Files::exists);
        assumeTrue(found.isPresent(), () -> "Test of %s skipped: no shared/data beside the checkout"
                .formatted(relativePath));
        return found.orElseThrow();
    }

    /** The bytes of a file of the shared data; the test is skipped where there is none. */
    public static byte[] bytes(String relativePath) {
        try {
            return Files.readAllBytes(require(relativePath));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> root() {
        String property = System.getProperty("sparkpeft.shared");
        if (property != null) {
            return Optional.of(Path.of(property));
        }
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            Path data = p.resolve("shared").resolve("data");
            if (Files.isDirectory(data)) {
                return Optional.of(data);
            }
        }
        return Optional.empty();
    }
}
