package io.sparkpeft.round;

import io.sparkpeft.optim.OptimizerState;

/**
 * What one round hands to the next.
 *
 * @param values the tuned weights, absolute, [k]
 * @param moments of the inner optimiser, [k] each; none where they start from 0 in each round
 * @param velocity of the outer step, [k]; empty where it has no momentum
 */
public record RoundVectors(float[] values, OptimizerState moments, float[] velocity) {
    private static final float[] NONE = new float[0];

    /** Before the first round of an outer step, or where it has no momentum. */
    public static RoundVectors of(float[] values, OptimizerState moments) {
        return new RoundVectors(values, moments, NONE);
    }
}
