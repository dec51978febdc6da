package io.sparkpeft.predict;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The directory of predictions. They are written beside it and renamed when they are whole, so that nobody reads half of
 * them and a failure leaves earlier ones as they were. Unusable records go to a directory of the same name with the
 * ending {@code .quarantine}.
 */
final class PredictionFiles {
    private final FileSystem files;
    private final Path directory;

    private PredictionFiles(FileSystem files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /**
     * @throws JobException if there is a directory with something in it, or a file, that may not be replaced
     */
    static PredictionFiles at(String uri, boolean overwrite, Configuration configuration) {
        try {
            Path path = new Path(uri);
            FileSystem fileSystem = path.getFileSystem(configuration);
            Path directory = fileSystem.makeQualified(path);
            if (!overwrite && isTaken(fileSystem, directory)) {
                throw JobException.config(
                        "Cannot write predictions to %s: there is something already (--force replaces it)"
                                .formatted(uri));
            }
            return new PredictionFiles(fileSystem, directory);
        } catch (IOException e) {
            throw new JobException(FailureKind.RETRYABLE, "Cannot look up %s: %s".formatted(uri, e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new JobException(FailureKind.CONFIG, "Invalid path: %s (%s)".formatted(uri, e.getMessage()), e);
        }
    }

    private static boolean isTaken(FileSystem fileSystem, Path directory) throws IOException {
        if (!fileSystem.exists(directory)) {
            return false;
        }
        FileStatus[] entries = fileSystem.listStatus(directory);
        return entries.length > 0;
    }

    String uri() {
        return directory.toString();
    }

    /** Where unusable records go. */
    String quarantine() {
        return directory + ".quarantine";
    }

    /** Forgets the unusable records of an earlier time. */
    void clearQuarantine() {
        delete(new Path(quarantine()));
    }

    /** Has the predictions written to the directory given, then puts them into place. */
    void write(Consumer<String> writer) {
        Path beside = new Path(directory.getParent(), "." + directory.getName() + ".partial");
        try {
            writer.accept(beside.toString());
            files.delete(directory, true);
            if (!files.rename(beside, directory)) {
                throw new IOException("%s cannot be renamed".formatted(beside));
            }
        } catch (IOException e) {
            throw new JobException(
                    FailureKind.RETRYABLE, "Cannot write predictions to %s: %s".formatted(uri(), e.getMessage()), e);
        } finally {
            delete(beside);
        }
    }

    private void delete(Path path) {
        try {
            files.delete(path, true);
        } catch (IOException e) {
            throw new JobException(FailureKind.RETRYABLE, "Cannot delete %s: %s".formatted(path, e.getMessage()), e);
        }
    }
}
