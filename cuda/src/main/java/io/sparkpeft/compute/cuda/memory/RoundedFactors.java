package io.sparkpeft.compute.cuda.memory;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * What factors of products became when they were rounded to 16 bits, for the next products that read them: projections
 * of one input, the two gradients that one output's gradient gives, all logits by one vocabulary matrix. A rounded
 * factor is used until any of its source is written or given back; every way to write tensors says so here.
 *
 * <p>Few are held at once, since the products that share factors are neighbours. None outlives a wait for a result,
 * but the one in the large place: so each segment of work between two waits finds the same memory free and takes the
 * same addresses as in the step before. Which place the eldest leaves would be another in each step, and no graph
 * would fit.
 */
public final class RoundedFactors {
    /**
     * Bytes of the rounded factors that are held beside the large place: what the products of a layer of 2048 numbers
     * share, for 4096 rows, four times over.
     */
    static final long SHARED = 64L << 20;
    /** Factors that are held; every write is compared with all of them. */
    static final int MOST = 64;

    /**
     * Share of the bytes beyond which a factor goes to the large place: 21 MiB, more than a rounded chunk of logits
     * of a large vocabulary. So nothing takes the place of the vocabulary matrix until all chunks were multiplied by it.
     */
    private static final int LARGE_SHARE = 3;

    private final DeviceArena arena;
    private final long shared;
    /** The least recently used first. */
    private final Map<Source, Piece> kept = new LinkedHashMap<>(16, 0.75f, true);
    /** Grows to what was needed and stays; whose numbers it holds is among the others. */
    private Piece large = new Piece(0, 0);
    /** Bytes of all that are not in the large place. */
    private long held;
    /** The other factor of the product at hand may be the one that was asked for last: it stays. */
    private Optional<Source> last = Optional.empty();

    /** @param shared bytes beside the large place; 0: nothing is used again */
    RoundedFactors(DeviceArena arena, long shared) {
        this.arena = arena;
        this.shared = shared;
    }

    /** A matrix of floats as it lies, and where it ends. */
    private record Source(long address, int rows, int columns, int stride, long end) {
        static Source of(CudaTensor factor) {
            return new Source(factor.address(), factor.rows(), factor.columns(), factor.stride(), factor.end());
        }
    }

    private record Piece(long address, long bytes) {}

    /**
     * Where a factor's rounded numbers are. The memory of this factor and of the one before is untouched until the
     * next is asked for.
     *
     * @param bytes that they take
     * @param round asks the device to write them to an address; called unless they are there
     */
    public long address(CudaTensor factor, long bytes, LongConsumer round) {
        Source source = Source.of(factor);
        Piece piece = shared > 0 ? kept.get(source) : null;
        if (piece == null) {
            // There is one where nothing is used again.
            drop(source);
            // The large place may hold the other factor of the product at hand.
            piece = bytes > shared / LARGE_SHARE && !isLastLarge() ? largePlace(bytes) : place(bytes);
            kept.put(source, piece);
            roundInto(source, piece, round);
        }
        last = Optional.of(source);
        return piece.address();
    }

    private void roundInto(Source source, Piece piece, LongConsumer round) {
        try {
            round.accept(piece.address());
        } catch (RuntimeException | Error e) {
            drop(source);
            throw e;
        }
    }

    private boolean isLarge(Piece piece) {
        return piece.address() == large.address();
    }

    private boolean isLast(Source source) {
        return last.isPresent() && last.get().equals(source);
    }

    private boolean isLastLarge() {
        Piece piece = last.map(kept::get).orElse(null);
        return piece != null && isLarge(piece);
    }

    private Piece largePlace(long bytes) {
        kept.values().removeIf(this::isLarge);
        if (large.bytes() < bytes) {
            giveLargeBack();
            large = new Piece(arena.allocate(bytes), bytes);
        }
        return large;
    }

    private void giveLargeBack() {
        if (large.bytes() > 0) {
            arena.free(large.address());
            large = new Piece(0, 0);
        }
    }

    private Piece place(long bytes) {
        Iterator<Map.Entry<Source, Piece>> eldest = kept.entrySet().iterator();
        while (eldest.hasNext() && (held + bytes > shared || kept.size() >= MOST)) {
            Map.Entry<Source, Piece> entry = eldest.next();
            if (!isLast(entry.getKey()) && !isLarge(entry.getValue())) {
                eldest.remove();
                giveBack(entry.getValue());
            }
        }
        long address = arena.allocate(bytes);
        held += bytes;
        return new Piece(address, bytes);
    }

    /** The memory of one that was dropped; the large place stays. */
    private void giveBack(Piece piece) {
        if (!isLarge(piece)) {
            held -= piece.bytes();
            arena.free(piece.address());
        }
    }

    private void drop(Source source) {
        Piece piece = kept.remove(source);
        if (piece != null) {
            giveBack(piece);
        }
    }

    /** Drops what was rounded from these bytes, which are about to be written or to be given back. */
    void changed(long first, long end) {
        if (!kept.isEmpty()) {
            kept.entrySet().removeIf(entry -> {
                boolean overlaps =
                        entry.getKey().address() < end && first < entry.getKey().end();
                if (overlaps) {
                    giveBack(entry.getValue());
                }
                return overlaps;
            });
        }
    }

    /** A segment of work ends: the device is waited for. */
    void endSegment() {
        kept.entrySet().removeIf(entry -> {
            boolean goes = !isLarge(entry.getValue());
            if (goes) {
                giveBack(entry.getValue());
            }
            return goes;
        });
        last = Optional.empty();
    }

    /** Drops all: what was asked of the device may not have been done. */
    void forget() {
        endSegment();
        kept.clear();
    }

    /** Gives back all memory but that of the factor asked for last, because there is no other for what is needed. */
    void makeRoom() {
        boolean keepsLarge = isLastLarge();
        kept.entrySet().removeIf(entry -> {
            boolean goes = !isLast(entry.getKey());
            if (goes) {
                giveBack(entry.getValue());
            }
            return goes;
        });
        if (!keepsLarge) {
            giveLargeBack();
        }
    }

    /** How many are held. */
    int size() {
        return kept.size();
    }

    /** Bytes of those that are not in the large place. */
    long held() {
        return held;
    }
}
