package io.sparkpeft.stage.export;

import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.spark.TunedValues;

/** The promises that every export is held to, bit by bit. */
public final class ExportChecks {
    private ExportChecks() {}

    /**
     * Pruned weights are exactly 0, weights that were not tuned have the base's bits, and tuned ones the adapter's.
     *
     * @throws IllegalStateException naming the first weight that is not as promised
     */
    public static void requireExact(Parameters base, Parameters model, ParameterMask kept, TunedValues tuned) {
        for (int t = 0; t < base.layout().count(); t++) {
            TensorSpec spec = base.layout().tensor(t);
            boolean body = spec.role() == TensorRole.BODY;
            float[] expected = base.tensor(t).clone();
            for (int i = 0; i < expected.length && body && !kept.isFull(t); i++) {
                if (!kept.contains(t, i)) {
                    expected[i] = 0f;
                }
            }
            if (body && !kept.tensor(t).contains(tuned.index().mask().tensor(t))) {
                throw new IllegalStateException(
                        "Cannot export: tensor %s has tuned weights that are pruned".formatted(spec.name()));
            }
            tuned.write(t, expected);
            requireSameBits(spec, expected, model.tensor(t));
        }
    }

    private static void requireSameBits(TensorSpec spec, float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                throw new IllegalStateException("Cannot export: weight %d of %s is %s where the masks say %s"
                        .formatted(i, spec.name(), actual[i], expected[i]));
            }
        }
    }
}
