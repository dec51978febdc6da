package io.sparkpeft.model.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where the tensors of a checkpoint are: in one {@code model.safetensors}, or in several files that
 * {@code model.safetensors.index.json} lists.
 *
 * @param entries every tensor by name
 * @param fileOf the file of every tensor
 */
public record ShardIndex(Map<String, TensorEntry> entries, Map<String, String> fileOf) {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** Reads the headers of all files of a checkpoint and checks them against the index. */
    public static ShardIndex read(CheckpointFiles files) throws IOException {
        if (files.exists(SINGLE)) {
            return ofFiles(files, List.of(SINGLE));
        }
        if (!files.exists(INDEX)) {
            throw new CheckpointException(
                    "Cannot read %s: there is neither %s nor %s".formatted(files.location(SINGLE), SINGLE, INDEX));
        }
        Map<String, String> listed = weightMap(files);
        ShardIndex found = ofFiles(files, List.copyOf(new TreeSet<>(listed.values())));
        for (Map.Entry<String, String> tensor : listed.entrySet()) {
            if (!tensor.getValue().equals(found.fileOf.get(tensor.getKey()))) {
                throw new CheckpointException("Cannot read %s: it places tensor %s in %s, which has no such tensor"
                        .formatted(files.location(INDEX), tensor.getKey(), tensor.getValue()));
            }
        }
        return found;
    }

    /** All files, sorted. */
    public List<String> files() {
        return List.copyOf(new TreeSet<>(fileOf.values()));
    }

    private static ShardIndex ofFiles(CheckpointFiles files, List<String> names) throws IOException {
        Map<String, TensorEntry> entries = new TreeMap<>();
        Map<String, String> fileOf = new TreeMap<>();
        for (String name : names) {
            for (TensorEntry entry : SafeTensorsReader.header(files, name).tensors()) {
                if (entries.put(entry.name(), entry) != null) {
                    throw new CheckpointException("Cannot read %s: tensor %s is in %s too"
                            .formatted(files.location(name), entry.name(), fileOf.get(entry.name())));
                }
                fileOf.put(entry.name(), name);
            }
        }
        return new ShardIndex(entries, fileOf);
    }

    private static Map<String, String> weightMap(CheckpointFiles files) throws IOException {
        JsonNode map;
        try {
            map = new ObjectMapper().readTree(files.read(INDEX)).path("weight_map");
        } catch (JsonProcessingException e) {
            throw new CheckpointException(
                    "Cannot read %s: it is not JSON (%s)".formatted(files.location(INDEX), e.getOriginalMessage()), e);
        }
        if (!map.isObject() || map.isEmpty()) {
            throw new CheckpointException("Cannot read %s: it has no weight_map".formatted(files.location(INDEX)));
        }
        Map<String, String> listed = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : map.properties()) {
            String file = field.getValue().asText();
            if (file.isEmpty() || file.contains("/") || file.contains("\\")) {
                throw new CheckpointException("Cannot read %s: it places tensor %s in the file \"%s\""
                        .formatted(files.location(INDEX), field.getKey(), file));
            }
            listed.put(field.getKey(), file);
        }
        return listed;
    }
}
