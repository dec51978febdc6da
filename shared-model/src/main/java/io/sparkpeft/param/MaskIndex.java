package io.sparkpeft.param;

/**
 * A mask as a coordinate map: position i of the k-vector is the i-th weight of the mask, tensor by tensor in layout
 * order, indices ascending. Every gradient, moment, delta and average of a run is a short dense array in this order.
 */
public final class MaskIndex {
    private final ParameterMask mask;
    private final int[][] indices;
    private final int[] offsets;

    /**
     * @throws IllegalArgumentException if the mask holds more weights than one array can
     */
    public MaskIndex(ParameterMask mask) {
        if (mask.count() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("Cannot tune %d weights: one vector holds at most %d"
                    .formatted(mask.count(), Integer.MAX_VALUE - 8));
        }
        this.mask = mask;
        int count = mask.layout().count();
        this.indices = new int[count][];
        this.offsets = new int[count + 1];
        for (int t = 0; t < count; t++) {
            offsets[t + 1] = offsets[t] + mask.count(t);
            indices[t] = mask.isFull(t) ? new int[0] : mask.tensor(t).toArray();
        }
    }

    public ParameterMask mask() {
        return mask;
    }

    public ParameterLayout layout() {
        return mask.layout();
    }

    /** Length k of the vector. */
    public int size() {
        return offsets[offsets.length - 1];
    }

    /** Position in the k-vector of a tensor's first tuned weight. */
    public int offset(int tensor) {
        return offsets[tensor];
    }

    /** Number of tuned weights of a tensor. */
    public int count(int tensor) {
        return offsets[tensor + 1] - offsets[tensor];
    }

    /** Whether all weights of a tensor are tuned; {@link #indices} is empty then. */
    public boolean isFull(int tensor) {
        return count(tensor) == mask.layout().tensor(tensor).size();
    }

    /** Local indices of a tensor's tuned weights, ascending; empty where none or all are tuned. */
    public int[] indices(int tensor) {
        return indices[tensor];
    }

    /** Reads the k-vector out of full weights. */
    public float[] gather(WeightSource weights) {
        float[] vector = new float[size()];
        for (int t = 0; t < indices.length; t++) {
            if (isFull(t)) {
                weights.read(t, 0, count(t), vector, offsets[t]);
            } else if (indices[t].length > 0) {
                gather(weights, t, vector);
            }
        }
        return vector;
    }

    private void gather(WeightSource weights, int tensor, float[] vector) {
        int[] wanted = indices[tensor];
        int[] next = new int[1];
        weights.forEachPiece(tensor, (from, count, values) -> {
            int i = next[0];
            for (; i < wanted.length && wanted[i] < from + count; i++) {
                vector[offsets[tensor] + i] = values[wanted[i] - from];
            }
            next[0] = i;
        });
    }

    /** Writes the k-vector into full parameters; every other weight keeps its bits. */
    public void scatter(float[] vector, Parameters parameters) {
        if (vector.length != size()) {
            throw new IllegalArgumentException(
                    "Cannot scatter %d values: the mask holds %d weights".formatted(vector.length, size()));
        }
        for (int t = 0; t < indices.length; t++) {
            float[] values = parameters.tensor(t);
            if (isFull(t)) {
                System.arraycopy(vector, offsets[t], values, 0, values.length);
            } else {
                for (int i = 0; i < indices[t].length; i++) {
                    values[indices[t][i]] = vector[offsets[t] + i];
                }
            }
        }
    }
}
