package io.sparkpeft.model.safetensors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes float32 and int32 tensors as one safetensors file, in the order they were added. */
public final class SafeTensorsWriter {
    private static final int CHUNK = 1 << 16;
    private static final int ALIGNMENT = 8;

    private final ObjectNode header = new ObjectMapper().createObjectNode();
    private final List<Object> contents = new ArrayList<>();
    private long end;

    public SafeTensorsWriter() {
        header.putObject("__metadata__").put("format", "pt");
    }

    /** Adds a tensor; the values are read when the file is written. */
    public SafeTensorsWriter add(String name, int[] shape, float[] values) {
        return add(name, DataType.F32, shape, values, values.length);
    }

    /** Adds a tensor of integers. */
    public SafeTensorsWriter add(String name, int[] shape, int[] values) {
        return add(name, DataType.I32, shape, values, values.length);
    }

    private SafeTensorsWriter add(String name, DataType type, int[] shape, Object values, int count) {
        long size = 1;
        for (int extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        if (size != count || header.has(name)) {
            throw new IllegalArgumentException("Invalid tensor %s: shape %s for %d values%s"
                    .formatted(name, Arrays.toString(shape), count, header.has(name) ? ", the name is taken" : ""));
        }
        ObjectNode entry = header.putObject(name).put("dtype", type.name());
        Arrays.stream(shape).forEach(entry.putArray("shape")::add);
        entry.putArray("data_offsets").add(end).add(end + size * type.bytes());
        end += size * type.bytes();
        contents.add(values);
        return this;
    }

    /** Length in bytes of the file. */
    public long length() {
        return Long.BYTES + headerBytes().length + end;
    }

    /** Writes the file; the stream stays open. */
    public void write(OutputStream out) throws IOException {
        byte[] json = headerBytes();
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .array());
        out.write(json);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Object values : contents) {
            if (values instanceof float[] floats) {
                for (int from = 0; from < floats.length; from += CHUNK) {
                    int count = Math.min(CHUNK, floats.length - from);
                    chunk.asFloatBuffer().put(floats, from, count);
                    out.write(chunk.array(), 0, count * Float.BYTES);
                }
            } else if (values instanceof int[] integers) {
                for (int from = 0; from < integers.length; from += CHUNK) {
                    int count = Math.min(CHUNK, integers.length - from);
                    chunk.asIntBuffer().put(integers, from, count);
                    out.write(chunk.array(), 0, count * Integer.BYTES);
                }
            }
        }
    }

    /** The header's JSON, filled up with spaces so that the tensors start at a multiple of 8 bytes. */
    private byte[] headerBytes() {
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }
}
