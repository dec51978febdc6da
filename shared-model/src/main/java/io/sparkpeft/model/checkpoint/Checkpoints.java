package io.sparkpeft.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.ConfigJson;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Loads Hugging Face checkpoints: config.json with model.safetensors, whole or in shards. */
public final class Checkpoints {
    private static final String CONFIG = "config.json";

    private Checkpoints() {}

    /** A checkpoint's config.json. */
    public static ConfigJson config(CheckpointFiles files) throws IOException {
        return ConfigJson.parse(files.read(CONFIG), files.location(CONFIG));
    }

    /** The class names that a checkpoint's configuration states, in order; none where it states none. */
    public static List<String> labels(ConfigJson config) throws CheckpointException {
        JsonNode labels = config.node("id2label");
        List<String> names = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            JsonNode name = labels.path(Integer.toString(label));
            if (!name.isTextual()) {
                throw new CheckpointException("Invalid id2label in %s: %s (texts under 0 to %d are needed)"
                        .formatted(config.location(), labels, labels.size() - 1));
            }
            names.add(name.textValue());
        }
        return names;
    }

    /**
     * Loads a checkpoint for a task into ordinary memory. A task head that the checkpoint does not have, or has for
     * another number of classes, is drawn at random and reported.
     *
     * @param labels names of the classes; none for a language model
     * @param seed of what is drawn
     * @throws CheckpointException if the files are damaged, not supported, or lack tensors
     */
    public static PretrainedModel load(CheckpointFiles files, Objective objective, List<String> labels, long seed)
            throws IOException {
        return Checkpoint.open(files, objective, labels).load(seed);
    }

    /** A model of random initial weights, from the config.json alone. */
    public static PretrainedModel loadRandom(CheckpointFiles files, Objective objective, List<String> labels, long seed)
            throws IOException {
        return Checkpoint.random(files, objective, labels).load(seed);
    }
}
