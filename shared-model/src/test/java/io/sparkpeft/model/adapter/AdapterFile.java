package io.sparkpeft.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Tensors of a safetensors file, those of integers too, read by nothing but the format's description. */
public final class AdapterFile {
    private final Map<String, ByteBuffer> bytes = new HashMap<>();
    private final Map<String, JsonNode> entries = new HashMap<>();

    private AdapterFile() {}

    public static AdapterFile read(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(all.getLong(0));
        JsonNode header = new ObjectMapper().readTree(all.array(), Long.BYTES, length);
        AdapterFile read = new AdapterFile();
        header.fields().forEachRemaining(field -> {
            if (!field.getKey().equals("__metadata__")) {
                int begin = field.getValue().at("/data_offsets/0").asInt();
                int end = field.getValue().at("/data_offsets/1").asInt();
                ByteBuffer values = all.slice(Long.BYTES + length + begin, end - begin);
                read.bytes.put(field.getKey(), values.order(ByteOrder.LITTLE_ENDIAN));
                read.entries.put(field.getKey(), field.getValue());
            }
        });
        return read;
    }

    public Set<String> names() {
        return bytes.keySet();
    }

    public int[] shape(String name) {
        return StreamSupport.stream(entries.get(name).get("shape").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    public float[] floats(String name) {
        requireType(name, "F32");
        float[] values = new float[bytes.get(name).capacity() / Float.BYTES];
        bytes.get(name).asFloatBuffer().get(values);
        return values;
    }

    public int[] integers(String name) {
        requireType(name, "I32");
        int[] values = new int[bytes.get(name).capacity() / Integer.BYTES];
        bytes.get(name).asIntBuffer().get(values);
        return values;
    }

    private void requireType(String name, String type) {
        if (!entries.get(name).get("dtype").asText().equals(type)) {
            throw new AssertionError(name + " holds " + entries.get(name).get("dtype"));
        }
    }
}
