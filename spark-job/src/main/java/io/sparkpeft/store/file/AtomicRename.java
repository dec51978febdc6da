package io.sparkpeft.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Renames a file over another in one step, where the file system can. */
final class AtomicRename {
    private AtomicRename() {}

    static void overTarget(FileSystem files, Path from, Path to, Configuration configuration) throws IOException {
        if (files instanceof RawLocalFileSystem local) {
            Files.move(
                    local.pathToFile(from).toPath(),
                    local.pathToFile(to).toPath(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        try {
            FileContext.getFileContext(to.toUri(), configuration).rename(from, to, Options.Rename.OVERWRITE);
        } catch (UnsupportedFileSystemException e) {
            // Only the older interface knows this file system, and it does not rename over a file.
            files.delete(to, false);
            if (!files.rename(from, to)) {
                throw new IOException("cannot rename " + from, e);
            }
        }
    }
}
