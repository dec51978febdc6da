package io.sparkpeft.mask;

import io.sparkpeft.param.TensorSpec;

/**
 * What a mask chooses: single weights, or whole channels of matrices, so that a weight gradient is computed for the
 * chosen channels alone (S2FT: Yang et al. 2024, arXiv 2412.06289). In a layer y = W·x an output channel is all weights
 * that give one entry of y, an input channel all that one entry of x meets, whatever way the checkpoint stores W. A
 * token, position or token type of a lookup table is one channel either way, and every entry of a vector is one by
 * itself.
 */
public enum Granularity {
    /** Every weight by itself. */
    ELEMENT,
    /** Whole output channels: rows of W. */
    ROWS,
    /** Whole input channels: columns of W. */
    COLUMNS;

    /** Number of channels of a tensor. */
    public int channels(TensorSpec tensor) {
        if (isEveryWeight(tensor)) {
            return tensor.size();
        }
        return alongStoredRows(tensor) ? tensor.rows() : tensor.columns();
    }

    /** The channel that a weight belongs to, from its index in the tensor. */
    public int channel(TensorSpec tensor, int index) {
        if (isEveryWeight(tensor)) {
            return index;
        }
        return alongStoredRows(tensor) ? index / tensor.columns() : index % tensor.columns();
    }

    private boolean isEveryWeight(TensorSpec tensor) {
        return this == ELEMENT || !tensor.kind().isMatrix();
    }

    private boolean alongStoredRows(TensorSpec tensor) {
        return switch (tensor.kind()) {
            case EMBEDDING -> true;
            case CONV1D -> this == COLUMNS;
            case LINEAR, VECTOR -> this == ROWS;
        };
    }
}
