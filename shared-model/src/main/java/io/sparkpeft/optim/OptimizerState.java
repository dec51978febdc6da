package io.sparkpeft.optim;

import io.sparkpeft.param.Bfloat16;
import io.sparkpeft.random.CounterRandom;

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

    /**
     * The same in bfloat16, rounded up or down at random, so that a running mean that changes by less than the distance
     * of two bfloat16 still moves on average. What is bfloat16 already keeps its bits.
     *
     * @param key of the random numbers
     */
    public OptimizerState toBfloat16(long key) {
        return isNone() ? NONE : new OptimizerState(toBfloat16(first, key), toBfloat16(second, ~key));
    }

    private static float[] toBfloat16(float[] values, long key) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Bfloat16.roundRandomly(values[i], (int) CounterRandom.mix(key, i));
        }
        return rounded;
    }

    public OptimizerState copy() {
        return isNone() ? NONE : new OptimizerState(first.clone(), second.clone());
    }
}
