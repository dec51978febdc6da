package io.sparkpeft.param.source;

import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.WeightSource;
import java.util.Arrays;

/**
 * Other weights with some of them replaced.
 *
 * @param base the other weights
 * @param index the weights that are replaced
 * @param values what they are replaced by, in the order of the index
 */
public record TunedWeights(WeightSource base, MaskIndex index, float[] values) implements WeightSource {
    @Override
    public ParameterLayout layout() {
        return base.layout();
    }

    @Override
    public void read(int tensor, int from, int count, float[] target, int offset) {
        int first = index.offset(tensor);
        if (index.isFull(tensor)) {
            System.arraycopy(values, first + from, target, offset, count);
            return;
        }
        base.read(tensor, from, count, target, offset);
        int[] positions = index.indices(tensor);
        int start = Arrays.binarySearch(positions, from);
        for (int i = start < 0 ? -start - 1 : start; i < positions.length && positions[i] < from + count; i++) {
            target[offset + positions[i] - from] = values[first + i];
        }
    }
}
