package io.sparkpeft.train;

import io.sparkpeft.optim.OptimizerState;

/**
 * What a shard made of a round. Carries the new values and not their difference to the old ones: the difference of two
 * floats need not be a float, so that a single shard would not get back what it computed.
 *
 * @param values the tuned weights after the local steps, absolute, in mask order
 * @param moments of the optimiser; none where they are not returned
 * @param tally what went in
 */
public record LocalUpdate(float[] values, OptimizerState moments, RoundTally tally) {
    /** The same with other moments. */
    public LocalUpdate withMoments(OptimizerState other) {
        return new LocalUpdate(values, other, tally);
    }
}
