package io.sparkpeft.datasets.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
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

    /**
     * @param attempt tells apart two tasks that write the same file at once
     */
    public static void write(Configuration configuration, Path file, String attempt, Writer writer) throws IOException {
        FileSystem fileSystem = file.getFileSystem(configuration);
        if (ObjectStores.has(fileSystem.getUri().getScheme())) {
            writer.write(file);
            return;
        }
        Path beside = new Path(file.getParent(), ".%s.%s".formatted(file.getName(), attempt));
        try {
            writer.write(beside);
            fileSystem.delete(file, false);
            if (!fileSystem.rename(beside, file)) {
                throw new IOException("Cannot rename %s to %s".formatted(beside, file));
            }
        } finally {
            fileSystem.delete(beside, false);
        }
    }

    public static void write(Configuration configuration, Path file, String attempt, byte[] bytes) throws IOException {
        Patience.with(() -> {
            write(configuration, file, attempt, path -> {
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
