package io.sparkpeft.train;

import java.io.Serializable;

/**
 * What a round consisted of; additive over shards.
 *
 * @param steps optimiser updates made
 * @param examples seen
 * @param targets predicted
 * @param units work done, tokens for a language model
 * @param lossSum sum of the losses of all targets, in nats
 * @param largestNorm largest gradient norm before clipping
 */
public record RoundTally(long steps, long examples, long targets, long units, double lossSum, double largestNorm)
        implements Serializable {
    public static final RoundTally ZERO = new RoundTally(0, 0, 0, 0, 0, 0);

    public RoundTally plus(RoundTally other) {
        return new RoundTally(
                steps + other.steps,
                examples + other.examples,
                targets + other.targets,
                units + other.units,
                lossSum + other.lossSum,
                Math.max(largestNorm, other.largestNorm));
    }

    /** Mean loss of a target, in nats. */
    public double meanLoss() {
        return targets == 0 ? 0 : lossSum / targets;
    }
}
