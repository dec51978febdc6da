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
    private final List<Content> contents = new ArrayList<>();
    private final float[] some = new float[CHUNK];
    private long end;

    /** Gives values of a tensor, row-major, while the file is written. */
    @FunctionalInterface
    public interface Values {
        /** Copies {@code count} values from index {@code from} on to the start of the target. */
        void read(int from, int count, float[] target);
    }

    /** Puts some elements of a tensor at the start of the buffer. */
    private interface Piece {
        void put(int from, int count, ByteBuffer buffer);
    }

    private record Content(int size, Piece piece) {}

    public SafeTensorsWriter() {
        header.putObject("__metadata__").put("format", "pt");
    }

    /** Adds a tensor; the values are read when the file is written. */
    public SafeTensorsWriter add(String name, int[] shape, float[] values) {
        return add(name, DataType.F32, shape, new Content(values.length, (from, count, buffer) -> buffer.asFloatBuffer()
                .put(values, from, count)));
    }

    /** Adds a tensor whose values are asked for, in order and piece by piece, when the file is written. */
    public SafeTensorsWriter add(String name, int[] shape, int size, Values values) {
        return add(name, DataType.F32, shape, new Content(size, (from, count, buffer) -> {
            values.read(from, count, some);
            buffer.asFloatBuffer().put(some, 0, count);
        }));
    }

    /** Adds a tensor of integers. */
    public SafeTensorsWriter add(String name, int[] shape, int[] values) {
        return add(name, DataType.I32, shape, new Content(values.length, (from, count, buffer) -> buffer.asIntBuffer()
                .put(values, from, count)));
    }

    private SafeTensorsWriter add(String name, DataType type, int[] shape, Content content) {
        long size = 1;
        for (int extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        if (size != content.size() || header.has(name)) {
            throw new IllegalArgumentException("Invalid tensor %s: shape %s for %d values%s"
                    .formatted(
                            name,
                            Arrays.toString(shape),
                            content.size(),
                            header.has(name) ? ", the name is taken" : ""));
        }
        ObjectNode entry = header.putObject(name).put("dtype", type.name());
        Arrays.stream(shape).forEach(entry.putArray("shape")::add);
        entry.putArray("data_offsets").add(end).add(end + size * type.bytes());
        end += size * type.bytes();
        contents.add(content);
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
        for (Content content : contents) {
            for (int from = 0; from < content.size(); from += CHUNK) {
                int count = Math.min(CHUNK, content.size() - from);
                content.piece().put(from, count, chunk);
                // Elements of both types take 4 bytes.
                out.write(chunk.array(), 0, count * Float.BYTES);
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
