package io.sparkpeft.export;

import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.file.Storage;
import java.util.function.Consumer;

/** The directory that an export writes: an empty one, or one that the same export left half written. */
public final class ExportTarget {
    /** Lies in the directory while it is written, and says what is. */
    static final String UNFINISHED = "_UNFINISHED";

    private final Storage directory;
    private final String export;

    private ExportTarget(Storage directory, String export) {
        this.directory = directory;
        this.export = export;
    }

    /** @throws JobException if there are other files in the directory */
    public static ExportTarget of(Storage directory, String format, String adapter) {
        String export = "%s of %s\n".formatted(format, adapter);
        boolean isUnfinished =
                directory.exists(UNFINISHED) && directory.readText(UNFINISHED).equals(export);
        if (!isUnfinished && !directory.list().isEmpty()) {
            throw JobException.config("Cannot export to %s: it is not empty".formatted(directory.uri()));
        }
        return new ExportTarget(directory, export);
    }

    public Storage directory() {
        return directory;
    }

    /** Does what writes the whole export, which may be done again where it failed. */
    public void write(Consumer<Storage> files) {
        directory.replace(UNFINISHED, export);
        files.accept(directory);
        directory.delete(UNFINISHED);
    }
}
