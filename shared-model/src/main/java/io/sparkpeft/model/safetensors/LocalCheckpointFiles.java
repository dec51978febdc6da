package io.sparkpeft.model.safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A checkpoint directory of the local file system. */
public final class LocalCheckpointFiles implements CheckpointFiles {
    private final Path directory;

    public LocalCheckpointFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public boolean exists(String name) {
        return Files.isRegularFile(directory.resolve(name));
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(directory.resolve(name));
    }

    @Override
    public long length(String name) throws IOException {
        return Files.size(directory.resolve(name));
    }

    @Override
    public String location(String name) {
        return directory.resolve(name).toString();
    }
}
