package io.sparkpeft.model.weights;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.layer.Weight;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;

/** A tensor whose floats lie in memory as they are used. */
record LiveWeight(int index, Tensor tensor) implements Weight {
    /** Reads a tensor, piece by piece, into memory of its own. */
    static LiveWeight read(Backend backend, WeightSource source, int index) {
        TensorSpec spec = source.layout().tensor(index);
        Tensor tensor = backend.allocate(spec.rows(), spec.columns());
        source.forEachPiece(
                index, (from, count, values) -> backend.upload(values, 0, backend.reshape(tensor, from, 1, count)));
        return new LiveWeight(index, tensor);
    }

    @Override
    public int rows() {
        return tensor.rows();
    }

    @Override
    public int columns() {
        return tensor.columns();
    }

    /** Replaces the weights of a mask in this tensor. */
    void write(MaskVectors vectors, MaskIndex mask, MaskVector values) {
        if (mask.isFull(index)) {
            vectors.store(values, mask.offset(index), tensor);
        } else {
            vectors.scatter(values, mask.offset(index), mask.indices(index), tensor);
        }
    }
}
