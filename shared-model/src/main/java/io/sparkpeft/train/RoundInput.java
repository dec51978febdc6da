package io.sparkpeft.train;

import io.sparkpeft.optim.OptimizerState;

/**
 * What a shard starts a round from. The arrays are read, not written.
 *
 * @param values the tuned weights, absolute, in mask order
 * @param moments of the optimiser after {@code firstStep} updates; none if they start from 0
 * @param firstStep number of local steps that every shard made before this round
 * @param steps number H of local steps in this round
 * @param returnMoments whether the moments go back to be averaged
 */
public record RoundInput(float[] values, OptimizerState moments, long firstStep, int steps, boolean returnMoments) {
    public RoundInput {
        if (!moments.isNone() && moments.first().length != values.length) {
            throw new IllegalArgumentException(
                    "Invalid round: %d values but moments of %d".formatted(values.length, moments.first().length));
        }
    }
}
