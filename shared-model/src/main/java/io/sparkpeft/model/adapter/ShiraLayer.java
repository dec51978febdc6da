package io.sparkpeft.model.adapter;

import io.sparkpeft.param.TensorSpec;

/**
 * The tuned weights of one linear layer as SHiRA stores them: as many positions for every r as the layer has rows and
 * columns, whether they are tuned or not.
 *
 * @param tensor index of the layer's matrix in the layout
 * @param spec the matrix
 * @param tuned its weights that are tuned
 */
record ShiraLayer(int tensor, TensorSpec spec, int tuned) {
    /** Least r with room for the tuned weights. */
    int rank() {
        return (tuned - 1) / (spec.rows() + spec.columns()) + 1;
    }

    /** Positions that r makes. */
    long positions(int rank) {
        return (long) rank * (spec.rows() + spec.columns());
    }

    boolean holds(int rank) {
        return positions(rank) <= spec.size();
    }

    /** The layer's name, without that of the matrix in it. */
    String module() {
        return ShiraAdapter.module(spec);
    }
}
