package io.sparkpeft.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of a run between two rounds.
 *
 * @param sequence counts the checkpoints of a run: a later one has a higher number
 * @param state small things, as JSON
 * @param blobs large things by name; a name is of letters, digits, hyphens and underscores
 */
public record Checkpoint(long sequence, JsonNode state, Map<String, byte[]> blobs) {
    public Checkpoint {
        for (String name : blobs.keySet()) {
            if (!name.matches("[A-Za-z0-9_-]+")) {
                throw new IllegalArgumentException("Invalid name of a blob: " + name);
            }
        }
        if (sequence < 0) {
            throw new IllegalArgumentException("Invalid sequence of a checkpoint: " + sequence);
        }
        blobs = new LinkedHashMap<>(blobs);
    }

    /** @param state a record, map or JSON node */
    public static Checkpoint of(long sequence, Object state) {
        return new Checkpoint(sequence, Json.MAPPER.valueToTree(state), Map.of());
    }

    public Checkpoint with(String name, byte[] blob) {
        Map<String, byte[]> more = new LinkedHashMap<>(blobs);
        more.put(name, blob);
        return new Checkpoint(sequence, state, more);
    }

    /** Adds floats, bit for bit. */
    public Checkpoint with(String name, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return with(name, bytes.array());
    }

    /**
     * The state as an object of that type.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public <T> T stateAs(Class<T> type) {
        return Json.MAPPER.convertValue(state, type);
    }

    /** @throws IllegalArgumentException if there is no blob of that name */
    public byte[] bytes(String name) {
        byte[] blob = blobs.get(name);
        if (blob == null) {
            throw new IllegalArgumentException(
                    "Invalid checkpoint %d: it has no %s, only %s".formatted(sequence, name, blobs.keySet()));
        }
        return blob;
    }

    /** @throws IllegalArgumentException if there is no blob of that name, or it does not hold floats */
    public float[] floats(String name) {
        byte[] blob = bytes(name);
        if (blob.length % Float.BYTES != 0) {
            throw new IllegalArgumentException("Invalid checkpoint %d: %s has %d bytes, which are no floats"
                    .formatted(sequence, name, blob.length));
        }
        float[] values = new float[blob.length / Float.BYTES];
        ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    public boolean has(String name) {
        return blobs.containsKey(name);
    }
}
