package io.sparkpeft.compute;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory for the activations of a step, taken from the backend once and used again each step: {@link #take} cuts the
 * next piece, {@link #release} gives everything taken since a {@link #mark} back. Grows while the first steps find out
 * how much is needed. Pieces hold whatever was there before.
 */
public final class Arena implements AutoCloseable {
    private static final int SMALLEST_CHUNK = 1 << 20;
    /** Small enough that what is left at the end of a chunk does not count. */
    private static final int LARGEST_CHUNK = 1 << 24;
    /** Pieces start at multiples of this many floats: a cache line of 64 bytes. */
    private static final int ALIGNMENT = 16;

    private final Backend backend;
    private final List<Tensor> chunks = new ArrayList<>();
    private int chunk;
    private int used;

    public Arena(Backend backend) {
        this.backend = backend;
    }

    /** A place in the arena. */
    public record Mark(int chunk, int used) {}

    /** A matrix whose content is undefined. */
    public Tensor take(int rows, int columns) {
        int size = Math.multiplyExact(rows, columns);
        while (chunk < chunks.size() && chunks.get(chunk).size() - used < size) {
            chunk++;
            used = 0;
        }
        if (chunk == chunks.size()) {
            int grown = Math.min(LARGEST_CHUNK, SMALLEST_CHUNK << Math.min(chunk, 4));
            chunks.add(backend.allocate(1, Math.max(size, grown)));
        }
        Tensor piece = backend.reshape(chunks.get(chunk), used, rows, columns);
        int next = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        used = Math.min(chunks.get(chunk).size(), used + next);
        return piece;
    }

    /** A matrix of zeros. */
    public Tensor takeZeros(int rows, int columns) {
        Tensor piece = take(rows, columns);
        backend.fill(piece, 0f);
        return piece;
    }

    public Mark mark() {
        return new Mark(chunk, used);
    }

    public void release(Mark mark) {
        chunk = mark.chunk();
        used = mark.used();
    }

    /** Floats held. */
    public long capacity() {
        return chunks.stream().mapToLong(Tensor::size).sum();
    }

    @Override
    public void close() {
        chunks.forEach(backend::free);
        chunks.clear();
        chunk = 0;
        used = 0;
    }
}
