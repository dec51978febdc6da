package io.sparkpeft.compute.cpu.kernel;

import io.sparkpeft.compute.AttentionSpec;
import io.sparkpeft.compute.Dropout;

/**
 * The scores of one head of one sequence, a length×length matrix without gaps.
 *
 * @param head query head
 * @param firstRow row of the packed tensors where the sequence starts
 * @param length rows of the sequence
 */
public record ScoreBlock(AttentionSpec spec, int head, int firstRow, int length) {
    /** Keys that the query at a position sees. */
    public int visible(int position) {
        return spec.causal() ? position + 1 : length;
    }

    /** 1/√headSize. */
    public float scale() {
        return (float) (1 / Math.sqrt(spec.headSize()));
    }

    public Dropout dropout() {
        return spec.dropout();
    }

    /** The dropout key of the query at a position. */
    public long rowKey(int position) {
        return spec.dropout().rowKeys()[firstRow + position];
    }

    /** The dropout column of the first key. */
    public int firstColumn() {
        return AttentionSpec.dropoutColumn(head, 0);
    }
}
