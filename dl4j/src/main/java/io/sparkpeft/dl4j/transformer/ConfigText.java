package io.sparkpeft.dl4j.transformer;

import io.sparkpeft.model.safetensors.CheckpointFiles;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A checkpoint of which there is the config.json alone.
 *
 * @param text of the file
 */
record ConfigText(String text) implements CheckpointFiles {
    private static final String NAME = "config.json";

    @Override
    public boolean exists(String name) {
        return name.equals(NAME);
    }

    @Override
    public List<String> list() {
        return List.of(NAME);
    }

    @Override
    public InputStream open(String name) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public long length(String name) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String location(String name) {
        return name + " of a transformer layer";
    }
}
