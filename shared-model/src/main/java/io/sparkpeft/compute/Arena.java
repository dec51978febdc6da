package io.sparkpeft.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Memory for the activations of a step, taken from the backend once and used again each step: {@link #take} cuts the
 * next piece, {@link #release} gives everything taken since a {@link #mark} back. Grows while the first steps find out
 * how much is needed. Pieces hold whatever was there before.
 */
public final class Arena implements AutoCloseable {
    private static final int SMALLEST_CHUNK = 1 << 20;
    private static final int LARGEST_CHUNK = 1 << 24;
    /** Pieces start at multiples of this many floats: a cache line of 64 bytes. */
    private static final int ALIGNMENT = 16;

    private final Backend backend;
    private final List<Tensor> chunks = new ArrayList<>();
    /** Floats used of each chunk. */
    private int[] used = new int[8];
    /** Pieces that are taken, the latest last: the chunk of each, and what was used of it before. */
    private int[] chunkOf = new int[64];

    private int[] usedBefore = new int[64];
    private int pieces;

    public Arena(Backend backend) {
        this.backend = backend;
    }

    /** A place in the arena: so many pieces were taken. */
    public record Mark(int pieces) {}

    /** A matrix whose content is undefined. */
    public Tensor take(int rows, int columns) {
        int size = Math.multiplyExact(rows, columns);
        int chunk = firstWithRoom(size);
        int from = used[chunk];
        push(chunk, from);
        int next = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        used[chunk] = Math.min(chunks.get(chunk).size(), from + next);
        return backend.reshape(chunks.get(chunk), from, rows, columns);
    }

    /** Small pieces fill what large ones left at the ends of chunks. */
    private int firstWithRoom(int size) {
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
            if (chunks.get(chunk).size() - used[chunk] >= size) {
                return chunk;
            }
        }
        int grown = Math.min(LARGEST_CHUNK, SMALLEST_CHUNK << Math.min(chunks.size(), 4));
        chunks.add(backend.allocate(1, Math.max(size, grown)));
        if (used.length < chunks.size()) {
            used = Arrays.copyOf(used, 2 * used.length);
        }
        return chunks.size() - 1;
    }

    private void push(int chunk, int before) {
        if (pieces == chunkOf.length) {
            chunkOf = Arrays.copyOf(chunkOf, 2 * pieces);
            usedBefore = Arrays.copyOf(usedBefore, 2 * pieces);
        }
        chunkOf[pieces] = chunk;
        usedBefore[pieces] = before;
        pieces++;
    }

    /** A matrix of zeros. */
    public Tensor takeZeros(int rows, int columns) {
        Tensor piece = take(rows, columns);
        backend.fill(piece, 0f);
        return piece;
    }

    public Mark mark() {
        return new Mark(pieces);
    }

    public void release(Mark mark) {
        while (pieces > mark.pieces()) {
            pieces--;
            used[chunkOf[pieces]] = usedBefore[pieces];
        }
    }

    /** Floats held. */
    public long capacity() {
        return chunks.stream().mapToLong(Tensor::size).sum();
    }

    @Override
    public void close() {
        chunks.forEach(backend::free);
        chunks.clear();
        Arrays.fill(used, 0);
        pieces = 0;
    }
}
