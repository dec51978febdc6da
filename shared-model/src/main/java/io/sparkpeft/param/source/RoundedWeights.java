package io.sparkpeft.param.source;

import io.sparkpeft.param.Bfloat16;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;

/**
 * Other weights with the matrices of linear layers rounded to bfloat16, to nearest, ties to even; but not those of the
 * task head, which is always tuned. Embeddings, biases and normalisation weights stay as they are.
 *
 * @param base the other weights
 */
public record RoundedWeights(WeightSource base) implements WeightSource {
    /** Whether a tensor is rounded. */
    public static boolean rounds(TensorSpec tensor) {
        boolean linear = tensor.kind() == TensorKind.LINEAR || tensor.kind() == TensorKind.CONV1D;
        return linear && tensor.role() != TensorRole.HEAD;
    }

    @Override
    public ParameterLayout layout() {
        return base.layout();
    }

    @Override
    public void read(int tensor, int from, int count, float[] target, int offset) {
        base.read(tensor, from, count, target, offset);
        if (rounds(layout().tensor(tensor))) {
            for (int i = offset; i < offset + count; i++) {
                target[i] = Bfloat16.round(target[i]);
            }
        }
    }
}
