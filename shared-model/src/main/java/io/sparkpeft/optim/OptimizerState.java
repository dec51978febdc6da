package io.sparkpeft.optim;

/**
 * The moments of the k-vector, in mask order. The arrays are shared, not copied: an optimiser writes to them. One that
 * needs a single vector leaves the other at 0, which costs next to nothing on the wire.
 *
 * @param first running mean of the gradient, [k]
 * @param second running mean of the squared gradient, [k]
 */
public record OptimizerState(float[] first, float[] second) {
    private static final OptimizerState NONE = new OptimizerState(new float[0], new float[0]);

    public OptimizerState {
        if (first.length != second.length) {
            throw new IllegalArgumentException("Invalid optimiser state: %d first moments, %d second moments"
                    .formatted(first.length, second.length));
        }
    }

    /** No moments: they start from 0 where they are needed. */
    public static OptimizerState none() {
        return NONE;
    }

    /** Moments before the first update. */
    public static OptimizerState zeros(int size) {
        return new OptimizerState(new float[size], new float[size]);
    }

    /** Whether there are no moments. */
    public boolean isNone() {
        return first.length == 0;
    }

    public OptimizerState copy() {
        return isNone() ? NONE : new OptimizerState(first.clone(), second.clone());
    }
}
