package io.sparkpeft.fault.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system as {@code faulty:/path}, with a {@link DiskFault}. As with many file systems of others, only the
 * older of Hadoop's interfaces knows it, so a file cannot be renamed over another in one step.
 */
public final class FaultyFileSystem extends FileSystem {
    public static final String SCHEME = "faulty";

    private final RawLocalFileSystem local = new RawLocalFileSystem();

    /** The setting that makes it known. */
    public static void register(Configuration configuration) {
        configuration.set("fs.%s.impl".formatted(SCHEME), FaultyFileSystem.class.getName());
    }

    /** The URI of a local file here. */
    public static String uri(java.nio.file.Path file) {
        return SCHEME + ":" + file;
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        local.initialize(URI.create("file:///"), conf);
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    private static Path there(Path path) {
        return new Path("file", null, path.toUri().getPath());
    }

    private FileStatus here(FileStatus status) {
        FileStatus copy = new FileStatus(
                status.getLen(),
                status.isDirectory(),
                status.getReplication(),
                status.getBlockSize(),
                DiskFault.current().changed(status.getPath(), status.getModificationTime()),
                new Path(SCHEME, null, status.getPath().toUri().getPath()));
        return copy;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        DiskFault.current().before(DiskFault.Operation.OPEN, there(path));
        return DiskFault.current().reading(there(path), local.open(there(path), bufferSize));
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        DiskFault.current().before(DiskFault.Operation.CREATE, there(path));
        FSDataOutputStream out = local.create(there(path), overwrite, bufferSize, replication, blockSize, progress);
        return new FSDataOutputStream(DiskFault.current().writing(there(path), out), null);
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("nothing is appended");
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        DiskFault.current().renaming(there(from), there(to));
        return local.rename(there(from), there(to));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        DiskFault.current().before(DiskFault.Operation.DELETE, there(path));
        return local.delete(there(path), recursive);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws FileNotFoundException, IOException {
        DiskFault.current().before(DiskFault.Operation.LIST, there(path));
        return Arrays.stream(local.listStatus(there(path))).map(this::here).toArray(FileStatus[]::new);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        DiskFault.current().before(DiskFault.Operation.STATUS, there(path));
        return here(local.getFileStatus(there(path)));
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        return local.mkdirs(there(path));
    }

    @Override
    public void setWorkingDirectory(Path directory) {
        local.setWorkingDirectory(there(directory));
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path(SCHEME, null, local.getWorkingDirectory().toUri().getPath());
    }
}
