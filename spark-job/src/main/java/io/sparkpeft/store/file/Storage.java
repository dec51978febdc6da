package io.sparkpeft.store.file;

import io.sparkpeft.datasets.io.ObjectStores;
import io.sparkpeft.datasets.io.Patience;
import io.sparkpeft.datasets.io.PatientInput;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/**
 * A directory on any Hadoop file system, with whole small files that a reader sees as they were or as they are, never in
 * between: written aside and renamed where renaming is atomic, put in one request where it is an object store.
 */
public final class Storage {
    /** Of one write; the heap's own collector treats objects much larger than this as a case apart. */
    private static final int BUFFER = 1 << 16;

    private final FileSystem files;
    private final Path root;
    private final Configuration configuration;
    private final Runnable guard;

    private Storage(FileSystem files, Path root, Configuration configuration, Runnable guard) {
        this.files = files;
        this.root = root;
        this.configuration = configuration;
        this.guard = guard;
    }

    /** The directory of that URI; one without a scheme is on the default file system. It need not exist. */
    public static Storage at(String uri, Configuration configuration) {
        try {
            Path path = new Path(uri);
            FileSystem fileSystem = path.getFileSystem(configuration);
            // The checksum files that Hadoop puts beside local ones would lie in exported models.
            FileSystem plain = fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
            return new Storage(plain, fileSystem.makeQualified(path), configuration, () -> {});
        } catch (IOException e) {
            throw failure("open", uri, e);
        } catch (IllegalArgumentException e) {
            throw new JobException(FailureKind.CONFIG, "Invalid path: %s (%s)".formatted(uri, e.getMessage()), e);
        }
    }

    /** The directory of that name inside this one. */
    public Storage directory(String name) {
        return new Storage(files, new Path(root, name), configuration, guard);
    }

    /** This directory, and all in it, for someone who may write and delete only while a check throws nothing. */
    public Storage guardedBy(Runnable check) {
        return new Storage(files, root, configuration, check);
    }

    /** The URI of this directory. */
    public String uri() {
        return root.toString();
    }

    /** The URI of a file or directory inside this one. */
    public String uri(String name) {
        return path(name).toString();
    }

    public boolean exists(String name) {
        try {
            return Patience.with(() -> files.exists(path(name)));
        } catch (IOException e) {
            throw failure("look up", uri(name), e);
        }
    }

    /** The names of files and directories in this one, sorted; none if it does not exist. */
    public List<String> list() {
        try {
            return Arrays.stream(Patience.with(this::entries))
                    .map(FileStatus::getPath)
                    .map(Path::getName)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failure("list", uri(), e);
        }
    }

    private FileStatus[] entries() throws IOException {
        try {
            return files.listStatus(root);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    /** A whole file, which is there: one that another machine just wrote is waited for. */
    public byte[] read(String name) {
        try {
            return Patience.with(() -> readWhole(path(name)));
        } catch (IOException e) {
            throw failure("read", uri(name), e);
        }
    }

    private byte[] readWhole(Path file) throws IOException {
        long length = files.getFileStatus(file).getLen();
        try (FSDataInputStream in = files.open(file)) {
            byte[] content = in.readAllBytes();
            if (content.length != length) {
                throw new IOException("%d of %d bytes came".formatted(content.length, length));
            }
            return content;
        }
    }

    public String readText(String name) {
        return new String(read(name), StandardCharsets.UTF_8);
    }

    /** Writes a file that nobody looks at until another file names it. */
    public void write(String name, byte[] content) {
        guard.run();
        try {
            Patience.with(() -> create(path(name), out -> out.write(content)));
        } catch (IOException e) {
            throw failure("write", uri(name), e);
        }
    }

    /** Writes or replaces a file: a reader sees the old content or the new. */
    public void replace(String name, byte[] content) {
        stream(name, out -> out.write(content));
    }

    public void replace(String name, String content) {
        replace(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** What a large file is written by; again from its start where the storage failed for a moment. */
    @FunctionalInterface
    public interface Content {
        void write(OutputStream out) throws IOException;
    }

    /** Writes or replaces a large file, which need not be in memory as a whole: a reader sees the old one or the new. */
    public void stream(String name, Content content) {
        guard.run();
        Path target = path(name);
        try {
            if (isObjectStore()) {
                Patience.with(() -> create(target, content));
                return;
            }
            Patience.with(() -> {
                Path aside = create(path(aside(name)), content);
                AtomicRename.overTarget(files, aside, target, configuration);
                return target;
            });
        } catch (IOException e) {
            throw failure("write", uri(name), e);
        }
    }

    /** Copies a file, of any size, into another directory under the same name; a reader there sees all of it or none. */
    public void copy(String name, Storage target) {
        target.stream(name, out -> {
            try (InputStream in = openPatiently(name)) {
                in.transferTo(out);
            }
        });
    }

    private InputStream openPatiently(String name) {
        try {
            return PatientInput.open(files, path(name), 0);
        } catch (IOException e) {
            throw failure("read", uri(name), e);
        }
    }

    /** Deletes a file, or a directory with all that is in it; nothing if there is none. */
    public void delete(String name) {
        guard.run();
        try {
            Patience.with(() -> files.delete(path(name), true));
        } catch (IOException e) {
            throw failure("delete", uri(name), e);
        }
    }

    private Path path(String name) {
        return new Path(root, name);
    }

    /** The file that {@link #replace} writes before it renames it. */
    public static String aside(String name) {
        int file = name.lastIndexOf('/') + 1;
        return name.substring(0, file) + "." + name.substring(file) + ".tmp";
    }

    private boolean isObjectStore() {
        return ObjectStores.has(root.toUri().getScheme());
    }

    private Path create(Path path, Content content) throws IOException {
        try (OutputStream out = new BufferedOutputStream(open(path), BUFFER)) {
            content.write(out);
        }
        return path;
    }

    private OutputStream open(Path path) throws IOException {
        if (files instanceof RawLocalFileSystem local) {
            // Hadoop would start a chmod process for every file.
            java.nio.file.Path file = local.pathToFile(path).toPath();
            if (!Files.isDirectory(file.getParent())) {
                Files.createDirectories(file.getParent());
            }
            return Files.newOutputStream(file);
        }
        return files.create(path, true);
    }

    private static JobException failure(String what, String uri, IOException e) {
        if (e instanceof FileNotFoundException) {
            return new JobException(FailureKind.INPUT, "Cannot %s %s: there is no such file".formatted(what, uri), e);
        }
        if (e instanceof AccessControlException || e instanceof java.nio.file.AccessDeniedException) {
            return new JobException(FailureKind.INPUT, "Cannot %s %s: access is denied".formatted(what, uri), e);
        }
        if (e instanceof UnsupportedFileSystemException) {
            return new JobException(FailureKind.CONFIG, "Cannot %s %s: %s".formatted(what, uri, e.getMessage()), e);
        }
        String why = e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getMessage().lines().findFirst().orElse("");
        return new JobException(FailureKind.RETRYABLE, "Cannot %s %s: %s".formatted(what, uri, why), e);
    }
}
