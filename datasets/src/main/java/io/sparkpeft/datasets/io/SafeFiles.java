package io.sparkpeft.datasets.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Files that appear whole or not at all. Object stores do that by themselves when a file is closed; elsewhere it is
 * written beside and renamed.
 */
public final class SafeFiles {
    /** Writes a file. */
    public interface Writer {
        void write(Path file) throws IOException;
    }

    private SafeFiles() {}

    /** Writes or replaces a file. */
    public static void write(Configuration configuration, Path file, Writer writer) throws IOException {
        write(configuration, file, writer, true);
    }

    /**
     * Writes a file that others may write at the same time with the same content, twins of a task or of a whole run. The
     * first one's stays, so that it never goes away from under a reader.
     */
    public static void writeOnce(Configuration configuration, Path file, Writer writer) throws IOException {
        write(configuration, file, writer, false);
    }

    private static void write(Configuration configuration, Path file, Writer writer, boolean replaces)
            throws IOException {
        FileSystem fileSystem = file.getFileSystem(configuration);
        if (ObjectStores.has(fileSystem.getUri().getScheme())) {
            writer.write(file);
            return;
        }
        // The number of a task's attempt would not tell two runs apart.
        Path beside = new Path(file.getParent(), ".%s.%s".formatted(file.getName(), UUID.randomUUID()));
        try {
            writer.write(beside);
            if (replaces) {
                fileSystem.delete(file, false);
            } else if (fileSystem.exists(file)) {
                return;
            }
            // Where it fails because the file is there, another writer of the same content came between.
            if (!fileSystem.rename(beside, file) && !fileSystem.exists(file)) {
                throw new IOException("Cannot rename %s to %s".formatted(beside, file));
            }
        } finally {
            fileSystem.delete(beside, false);
        }
    }

    public static void write(Configuration configuration, Path file, byte[] bytes) throws IOException {
        Patience.with(() -> {
            write(configuration, file, path -> {
                try (OutputStream out = path.getFileSystem(configuration).create(path, true)) {
                    out.write(bytes);
                }
            });
            return file;
        });
    }

    public static boolean exists(Configuration configuration, Path file) throws IOException {
        return Patience.with(() -> file.getFileSystem(configuration).exists(file));
    }

    /** Removes a file or a directory with all in it, if it is there. */
    public static void delete(Configuration configuration, Path path) throws IOException {
        try {
            Patience.with(() -> path.getFileSystem(configuration).delete(path, true));
        } catch (FileNotFoundException e) {
            // It is gone, which is what was wanted.
        }
    }
}
