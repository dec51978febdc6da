package io.sparkpeft.stage.export;

import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.spark.model.TunedValues;
import java.util.Arrays;

/** The promises that every export is held to, bit by bit. */
final class ExportChecks {
    private ExportChecks() {}

    /**
     * Pruned weights are exactly 0, weights that were not tuned have the base's bits, and tuned ones the adapter's.
     *
     * @throws IllegalStateException naming the first weight that is not as promised
     */
    public static void requireExact(WeightSource base, WeightSource model, ParameterMask kept, TunedValues tuned) {
        for (int t = 0; t < base.layout().count(); t++) {
            int tensor = t;
            TensorSpec spec = base.layout().tensor(t);
            boolean pruned = spec.role() == TensorRole.BODY && !kept.isFull(t);
            if (pruned && !kept.tensor(t).contains(tuned.index().mask().tensor(t))) {
                throw new IllegalStateException(
                        "Cannot export: tensor %s has tuned weights that are pruned".formatted(spec.name()));
            }
            base.forEachPiece(t, (from, count, values) -> {
                for (int i = 0; i < count && pruned; i++) {
                    if (!kept.contains(tensor, from + i)) {
                        values[i] = 0f;
                    }
                }
                putTuned(tuned, tensor, from, count, values);
                float[] actual = new float[count];
                model.read(tensor, from, count, actual, 0);
                requireSameBits(spec, from, values, actual);
            });
        }
    }

    private static void putTuned(TunedValues tuned, int tensor, int from, int count, float[] target) {
        int first = tuned.index().offset(tensor);
        if (tuned.index().isFull(tensor)) {
            System.arraycopy(tuned.values(), first + from, target, 0, count);
            return;
        }
        int[] positions = tuned.index().indices(tensor);
        int start = Arrays.binarySearch(positions, from);
        int next = start < 0 ? -start - 1 : start;
        for (; next < positions.length && positions[next] < from + count; next++) {
            target[positions[next] - from] = tuned.values()[first + next];
        }
    }

    private static void requireSameBits(TensorSpec spec, int from, float[] expected, float[] actual) {
        for (int i = 0; i < actual.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                throw new IllegalStateException("Cannot export: weight %d of %s is %s where the masks say %s"
                        .formatted(from + i, spec.name(), actual[i], expected[i]));
            }
        }
    }
}
