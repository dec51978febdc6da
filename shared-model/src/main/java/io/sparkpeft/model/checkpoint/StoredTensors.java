package io.sparkpeft.model.checkpoint;

import io.sparkpeft.model.architecture.ModelFamily;
import io.sparkpeft.model.architecture.Part;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.model.safetensors.ShardIndex;
import io.sparkpeft.model.safetensors.TensorEntry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The tensors of a checkpoint's files under their canonical names, constants left out. */
final class StoredTensors {
    private final ShardIndex index;
    private final TreeMap<String, String> storedName = new TreeMap<>();

    StoredTensors(ShardIndex index, ModelFamily family, TransformerConfig config, String location)
            throws CheckpointException {
        this.index = index;
        for (TensorEntry entry : index.entries().values()) {
            add(entry.name(), family.canonicalName(entry.name()), family, location);
        }
        if (config.weights().tiedEmbeddings()) {
            String tied = storedName.remove(family.names().weight(Part.DECODER));
            if (tied != null) {
                storedName.putIfAbsent(family.names().weight(Part.TOKENS), tied);
            }
        }
    }

    /** Where a file holds a tensor under its canonical name and under an old one, the canonical one counts. */
    private void add(String stored, String canonical, ModelFamily family, String location) throws CheckpointException {
        if (family.isBuffer(canonical)) {
            return;
        }
        String other = storedName.putIfAbsent(canonical, stored);
        if (other == null || other.equals(canonical)) {
            return;
        }
        if (!stored.equals(canonical)) {
            throw new CheckpointException(
                    "Cannot load %s: tensors %s and %s are both %s".formatted(location, other, stored, canonical));
        }
        storedName.put(canonical, stored);
    }

    Set<String> names() {
        return storedName.keySet();
    }

    /** The name in the files of a tensor. */
    Optional<String> stored(String canonical) {
        return Optional.ofNullable(storedName.get(canonical));
    }

    TensorEntry entry(String stored) {
        return index.entries().get(stored);
    }

    /** Stored names by canonical name, where they differ. */
    Map<String, String> renamed() {
        TreeMap<String, String> renamed = new TreeMap<>(storedName);
        renamed.entrySet().removeIf(e -> e.getKey().equals(e.getValue()));
        return renamed;
    }
}
