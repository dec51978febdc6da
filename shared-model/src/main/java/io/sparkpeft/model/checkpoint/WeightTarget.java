package io.sparkpeft.model.checkpoint;

/** Receives the weights of a checkpoint piece by piece, tensors in any order. */
@FunctionalInterface
public interface WeightTarget {
    /**
     * @param tensor index in the layout
     * @param from index in the tensor, row-major, of the first value
     * @param values the first {@code count} entries; used again for the next piece
     */
    void write(int tensor, int from, int count, float[] values);
}
