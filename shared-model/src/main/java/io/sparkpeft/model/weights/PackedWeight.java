package io.sparkpeft.model.weights;

import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.layer.Weight;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.TensorSpec;
import java.util.Arrays;

/**
 * A matrix that is shared as a {@link PackedTensor} and becomes floats when it is used. What the model tunes of it are
 * floats of its own, written over the others each time.
 */
final class PackedWeight implements Weight {
    private final int index;
    private final TensorSpec spec;
    private final PackedTensor shared;
    private final Expansion expansion;
    private final Tensor expanded;
    private final int[] tunedPlaces;
    private final MaskVector tuned;
    private boolean written;

    /**
     * @param shared with the halves as the model's backend has borrowed them
     * @param tunedPlaces row-major, ascending, of what the model tunes; their values are the shared ones until they are
     *     written
     */
    PackedWeight(int index, TensorSpec spec, PackedTensor shared, Expansion expansion, int[] tunedPlaces) {
        this.index = index;
        this.spec = spec;
        this.shared = shared;
        this.expansion = expansion;
        this.expanded = expansion.view(spec.rows(), spec.columns());
        this.tunedPlaces = tunedPlaces;
        this.tuned = expansion.vectors().allocate(tunedPlaces.length);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int rows() {
        return spec.rows();
    }

    @Override
    public int columns() {
        return spec.columns();
    }

    @Override
    public Tensor tensor() {
        if (!expansion.holds(index)) {
            expansion.backend().expand(shared.halves(), expanded);
            expansion.backend().scatter(shared.values(), 0, shared.places(), expanded);
            if (written) {
                expansion.vectors().scatter(tuned, 0, tunedPlaces, expanded);
            }
            expansion.hold(index);
        }
        return expanded;
    }

    /** Replaces all that the model tunes of the matrix. */
    void write(MaskIndex mask, MaskVector values) {
        if (!Arrays.equals(mask.indices(index), tunedPlaces)) {
            throw new IllegalArgumentException(
                    "Cannot write to tensor %s: it is shared, the model was opened for another mask"
                            .formatted(spec.name()));
        }
        expansion.vectors().copy(values, mask.offset(index), tuned);
        written = true;
        if (expansion.holds(index)) {
            expansion.vectors().scatter(tuned, 0, tunedPlaces, expanded);
        }
    }

    /** Bytes that are this model's own. */
    long bytes() {
        return (long) Float.BYTES * tuned.size();
    }

    /** Gives what is this model's own back. */
    void close() {
        expansion.vectors().free(tuned);
    }
}
