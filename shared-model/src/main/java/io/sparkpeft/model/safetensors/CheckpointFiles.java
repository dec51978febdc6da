package io.sparkpeft.model.safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The files of one checkpoint directory, wherever it is. */
public interface CheckpointFiles {
    boolean exists(String name) throws IOException;

    /** Names of all files in the directory, sorted. */
    List<String> list() throws IOException;

    /** The content of a file from its first byte on; the caller closes it. */
    InputStream open(String name) throws IOException;

    /** Length of a file in bytes. */
    long length(String name) throws IOException;

    /** The full address of a file, for messages. */
    String location(String name);

    /**
     * The whole content of a small file.
     *
     * @throws CheckpointException if there is no such file
     */
    default byte[] read(String name) throws IOException {
        if (!exists(name)) {
            throw new CheckpointException("Cannot read %s: there is no such file".formatted(location(name)));
        }
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        }
    }
}
