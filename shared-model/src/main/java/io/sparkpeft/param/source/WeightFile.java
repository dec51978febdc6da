package io.sparkpeft.param.source;

import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.WeightSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Weights in a file of this process: raw little-endian floats in layout order. The operating system keeps in memory what
 * of it is read often, and drops it where memory is short. The file loses its name as soon as it is open, so that nothing
 * stays behind however the process ends. Written once, then read by any number of threads, also by such as are
 * interrupted while they read.
 */
public final class WeightFile implements WeightSource, AutoCloseable {
    private static final int CHUNK = 1 << 14;

    private final ParameterLayout layout;
    private final Path path;
    // Not a channel: an interrupted thread would close it for all others.
    private final RandomAccessFile file;
    private final byte[] bytes = new byte[CHUNK * Float.BYTES];
    private final ByteBuffer chunk = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

    private WeightFile(ParameterLayout layout, Path path, RandomAccessFile file) {
        this.layout = layout;
        this.path = path;
        this.file = file;
    }

    /**
     * A file of zeros, to be filled by {@link #write}.
     *
     * @param directory on a disk of this machine, with room for 4 bytes a weight
     * @throws UncheckedIOException if it cannot be made
     */
    public static WeightFile create(Path directory, ParameterLayout layout) {
        try {
            Path path = Files.createTempFile(directory, "weights-", ".f32");
            path.toFile().deleteOnExit();
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            Files.delete(path);
            file.setLength(layout.size() * Float.BYTES);
            return new WeightFile(layout, path, file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot write %,d weights to a file in %s: %s".formatted(layout.size(), directory, e.getMessage()),
                    e);
        }
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    /** Replaces {@code count} values of a tensor from index {@code from} on by the first ones of the array. */
    public synchronized void write(int tensor, int from, int count, float[] values) {
        try {
            file.seek(position(tensor, from, count));
            for (int done = 0; done < count; done += CHUNK) {
                int some = Math.min(CHUNK, count - done);
                chunk.asFloatBuffer().put(values, done, some);
                file.write(bytes, 0, some * Float.BYTES);
            }
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    @Override
    public synchronized void read(int tensor, int from, int count, float[] target, int offset) {
        try {
            file.seek(position(tensor, from, count));
            for (int done = 0; done < count; done += CHUNK) {
                int some = Math.min(CHUNK, count - done);
                file.readFully(bytes, 0, some * Float.BYTES);
                chunk.asFloatBuffer().get(target, offset + done, some);
            }
        } catch (IOException e) {
            throw failure("read", e);
        }
    }

    private long position(int tensor, int from, int count) {
        int size = layout.tensor(tensor).size();
        if (from < 0 || count < 0 || from > size - count) {
            throw new IllegalArgumentException("Invalid range of tensor %s: %d values from %d on, it has %d"
                    .formatted(layout.tensor(tensor).name(), count, from, size));
        }
        return (layout.offset(tensor) + from) * Float.BYTES;
    }

    private UncheckedIOException failure(String what, IOException e) {
        return new UncheckedIOException("Cannot %s weights in %s: %s".formatted(what, path, e.getMessage()), e);
    }

    /** Gives the disk space back. */
    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw failure("close", e);
        }
    }
}
