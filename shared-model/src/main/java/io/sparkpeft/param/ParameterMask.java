package io.sparkpeft.param;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * A set of weights: for each tensor the indices that are in it. Used as prune mask P (the weights kept) and as update
 * mask U (the weights tuned). Immutable.
 */
public final class ParameterMask {
    private final ParameterLayout layout;
    private final RoaringBitmap[] tensors;
    /** Made once: hashing a hundred million members takes seconds. */
    private volatile String fingerprint = "";

    /**
     * @param tensors one bitmap of local indices per tensor of the layout; taken over, not copied
     * @throws IllegalArgumentException if a bitmap holds an index beyond its tensor
     */
    public ParameterMask(ParameterLayout layout, RoaringBitmap[] tensors) {
        if (tensors.length != layout.count()) {
            throw new IllegalArgumentException(
                    "Invalid mask: %d bitmaps for %d tensors".formatted(tensors.length, layout.count()));
        }
        for (int t = 0; t < tensors.length; t++) {
            TensorSpec spec = layout.tensor(t);
            if (!tensors[t].isEmpty() && (tensors[t].first() < 0 || tensors[t].last() >= spec.size())) {
                throw new IllegalArgumentException("Invalid mask: index %d is outside tensor %s of %d entries"
                        .formatted(tensors[t].last(), spec.name(), spec.size()));
            }
            tensors[t].runOptimize();
        }
        this.layout = layout;
        this.tensors = tensors;
    }

    /** No weight. */
    public static ParameterMask none(ParameterLayout layout) {
        return all(layout);
    }

    /** Every weight of the tensors of the given roles. */
    public static ParameterMask all(ParameterLayout layout, TensorRole... roles) {
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
            TensorSpec spec = layout.tensor(t);
            if (Arrays.asList(roles).contains(spec.role())) {
                tensors[t].add(0L, spec.size());
            }
        }
        return new ParameterMask(layout, tensors);
    }

    public ParameterLayout layout() {
        return layout;
    }

    /** Local indices of one tensor; not to be changed. */
    public RoaringBitmap tensor(int index) {
        return tensors[index];
    }

    /** Number of weights of one tensor that are in the mask. */
    public int count(int tensor) {
        return tensors[tensor].getCardinality();
    }

    /** Number of weights in the mask. */
    public long count() {
        return Arrays.stream(tensors).mapToLong(RoaringBitmap::getCardinality).sum();
    }

    /** Number of weights in the mask among the tensors of one role. */
    public long count(TensorRole role) {
        return Arrays.stream(layout.indicesOf(role))
                .mapToLong(t -> tensors[t].getCardinality())
                .sum();
    }

    /** Share of the BODY weights that are in the mask. */
    public double density() {
        long body = layout.size(TensorRole.BODY);
        return body == 0 ? 0 : (double) count(TensorRole.BODY) / body;
    }

    public boolean isFull(int tensor) {
        return count(tensor) == layout.tensor(tensor).size();
    }

    public boolean contains(int tensor, int index) {
        return tensors[tensor].contains(index);
    }

    public ParameterMask union(ParameterMask other) {
        requireSameLayout(other);
        RoaringBitmap[] union = new RoaringBitmap[tensors.length];
        for (int t = 0; t < union.length; t++) {
            union[t] = RoaringBitmap.or(tensors[t], other.tensors[t]);
        }
        return new ParameterMask(layout, union);
    }

    public ParameterMask intersect(ParameterMask other) {
        requireSameLayout(other);
        RoaringBitmap[] both = new RoaringBitmap[tensors.length];
        for (int t = 0; t < both.length; t++) {
            both[t] = RoaringBitmap.and(tensors[t], other.tensors[t]);
        }
        return new ParameterMask(layout, both);
    }

    /** The weights of this mask that are not in the other. */
    public ParameterMask without(ParameterMask other) {
        requireSameLayout(other);
        RoaringBitmap[] rest = new RoaringBitmap[tensors.length];
        for (int t = 0; t < rest.length; t++) {
            rest[t] = RoaringBitmap.andNot(tensors[t], other.tensors[t]);
        }
        return new ParameterMask(layout, rest);
    }

    /** Whether every weight of this mask is in the other too. */
    public boolean isSubsetOf(ParameterMask other) {
        requireSameLayout(other);
        for (int t = 0; t < tensors.length; t++) {
            // RoaringBitmap 0.9, which Spark brings, answers contains(bitmap) wrongly for some runs within an array.
            if (RoaringBitmap.andCardinality(tensors[t], other.tensors[t]) != tensors[t].getCardinality()) {
                return false;
            }
        }
        return true;
    }

    /** Sets every weight of the given tensors that is outside this mask and in a BODY tensor to exactly 0. */
    public void zeroOutside(Parameters parameters) {
        for (int t : layout.indicesOf(TensorRole.BODY)) {
            RoaringBitmap pruned =
                    RoaringBitmap.flip(tensors[t], 0L, layout.tensor(t).size());
            float[] values = parameters.tensor(t);
            for (IntIterator i = pruned.getIntIterator(); i.hasNext(); ) {
                values[i.next()] = 0f;
            }
        }
    }

    /** Hex SHA-256 over layout and members; equal masks have equal fingerprints however they were made. */
    public String fingerprint() {
        if (fingerprint.isEmpty()) {
            fingerprint = hash();
        }
        return fingerprint;
    }

    private String hash() {
        Fingerprint print = new Fingerprint().add(layout.fingerprint().getBytes(StandardCharsets.UTF_8));
        for (RoaringBitmap tensor : tensors) {
            print.add((long) tensor.getCardinality());
            int[] buffer = new int[1 << 14];
            int filled = 0;
            for (IntIterator i = tensor.getIntIterator(); i.hasNext(); ) {
                buffer[filled++] = i.next();
                if (filled == buffer.length) {
                    print.add(buffer);
                    filled = 0;
                }
            }
            print.add(Arrays.copyOf(buffer, filled));
        }
        return print.hex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParameterMask that
                && layout.equals(that.layout)
                && Arrays.equals(tensors, that.tensors);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(tensors);
    }

    private void requireSameLayout(ParameterMask other) {
        if (!layout.equals(other.layout)) {
            throw new IllegalArgumentException("Cannot combine masks: they belong to models of different layout");
        }
    }
}
