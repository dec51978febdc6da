package io.sparkpeft.store;

import io.sparkpeft.datasets.io.Patience;
import io.sparkpeft.datasets.io.PatientInput;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files of a checkpoint on any Hadoop file system. */
public final class HadoopCheckpointFiles implements CheckpointFiles {
    private final Path directory;
    private final Configuration configuration;

    /** @param directory its URI; one without a scheme is on the default file system */
    public HadoopCheckpointFiles(String directory, Configuration configuration) {
        this.directory = new Path(directory);
        this.configuration = configuration;
    }

    /** Where one of two questions says so: a store may know a new file by its name and not list it yet, or the reverse. */
    @Override
    public boolean exists(String name) throws IOException {
        return Patience.with(() -> files().exists(path(name))) || list().contains(name);
    }

    @Override
    public List<String> list() throws IOException {
        return Arrays.stream(Patience.with(this::entries))
                .filter(FileStatus::isFile)
                .map(status -> status.getPath().getName())
                .sorted()
                .toList();
    }

    private FileStatus[] entries() throws IOException {
        try {
            return files().listStatus(directory);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    @Override
    public InputStream open(String name) throws IOException {
        return PatientInput.open(files(), path(name), 0);
    }

    @Override
    public long length(String name) throws IOException {
        return Patience.with(() -> files().getFileStatus(path(name)).getLen());
    }

    @Override
    public String location(String name) {
        return name.isEmpty() ? directory.toString() : path(name).toString();
    }

    private Path path(String name) {
        return new Path(directory, name);
    }

    private FileSystem files() throws IOException {
        return directory.getFileSystem(configuration);
    }
}
