package io.sparkpeft.model.safetensors;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Predicate;

/** Reads tensors from safetensors files in one pass over the file, in the order of their bytes. */
public final class SafeTensorsReader {
    private static final int CHUNK_BYTES = 1 << 20;

    private SafeTensorsReader() {}

    /** Receives tensors. */
    @FunctionalInterface
    public interface Consumer {
        /**
         * @param entry what the header says
         * @param values all elements, row-major, as float32
         */
        void accept(TensorEntry entry, float[] values);
    }

    /** Receives tensors piece by piece. */
    @FunctionalInterface
    public interface PieceConsumer {
        /**
         * @param entry what the header says
         * @param from index of the first value in the tensor, row-major; pieces of a tensor come in order
         * @param values the first {@code count} entries, as float32; used again for the next piece
         */
        void accept(TensorEntry entry, int from, int count, float[] values);
    }

    /** Reads one tensor from where the stream stands. */
    private interface EntryReader {
        void read(InputStream in, TensorEntry entry, String file) throws IOException;
    }

    /** The header of a file, checked against its length. */
    public static SafeTensorsHeader header(CheckpointFiles files, String name) throws IOException {
        try (InputStream in = open(files, name)) {
            return SafeTensorsHeader.read(in, files.length(name), files.location(name));
        }
    }

    /**
     * Reads the wanted tensors of a file.
     *
     * @throws CheckpointException if the file is damaged, or a wanted tensor is not of floating point
     */
    public static void read(CheckpointFiles files, String name, Predicate<TensorEntry> wanted, Consumer consumer)
            throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        scan(files, name, wanted, (in, entry, file) -> {
            float[] values = new float[(int) entry.size()];
            int perChunk = chunk.length / entry.type().bytes();
            for (int from = 0; from < values.length; from += perChunk) {
                decode(in, entry, chunk, Math.min(perChunk, values.length - from), values, from, file);
            }
            consumer.accept(entry, values);
        });
    }

    /**
     * Reads the wanted tensors of a file, never holding more than a small piece of one.
     *
     * @throws CheckpointException if the file is damaged, or a wanted tensor is not of floating point
     */
    public static void readPieces(
            CheckpointFiles files, String name, Predicate<TensorEntry> wanted, PieceConsumer consumer)
            throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        float[] values = new float[CHUNK_BYTES / Short.BYTES];
        scan(files, name, wanted, (in, entry, file) -> {
            int perChunk = chunk.length / entry.type().bytes();
            for (int from = 0; from < entry.size(); from += perChunk) {
                int count = (int) Math.min(perChunk, entry.size() - from);
                decode(in, entry, chunk, count, values, 0, file);
                consumer.accept(entry, from, count, values);
            }
        });
    }

    private static void scan(CheckpointFiles files, String name, Predicate<TensorEntry> wanted, EntryReader reader)
            throws IOException {
        String file = files.location(name);
        try (InputStream in = open(files, name)) {
            SafeTensorsHeader header = SafeTensorsHeader.read(in, files.length(name), file);
            long position = 0;
            for (TensorEntry entry : header.tensors()) {
                if (!wanted.test(entry)) {
                    continue;
                }
                checkReadable(entry, file);
                in.skipNBytes(entry.begin() - position);
                reader.read(in, entry, file);
                position = entry.end();
            }
        }
    }

    private static InputStream open(CheckpointFiles files, String name) throws IOException {
        if (!files.exists(name)) {
            throw new CheckpointException("Cannot read %s: there is no such file".formatted(files.location(name)));
        }
        return new BufferedInputStream(files.open(name), 1 << 16);
    }

    private static void checkReadable(TensorEntry entry, String file) throws CheckpointException {
        if (!entry.type().isFloating()) {
            throw new CheckpointException("Cannot read %s: tensor %s holds %s values, floating point is needed"
                    .formatted(file, entry.name(), entry.type()));
        }
        if (entry.size() > Integer.MAX_VALUE) {
            throw new CheckpointException("Cannot read %s: tensor %s has %d values, at most %d fit"
                    .formatted(file, entry.name(), entry.size(), Integer.MAX_VALUE));
        }
    }

    private static void decode(
            InputStream in, TensorEntry entry, byte[] chunk, int count, float[] target, int offset, String file)
            throws IOException {
        int bytes = count * entry.type().bytes();
        if (in.readNBytes(chunk, 0, bytes) < bytes) {
            throw new CheckpointException("Cannot read %s: it ends inside tensor %s".formatted(file, entry.name()));
        }
        entry.type().decode(ByteBuffer.wrap(chunk, 0, bytes).order(ByteOrder.LITTLE_ENDIAN), target, offset, count);
    }
}
