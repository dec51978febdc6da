package io.sparkpeft.round;

import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.random.CounterRandom;
import java.io.Serializable;

/**
 * One round of a phase.
 *
 * @param number from 1
 * @param firstStep local steps that every shard made before
 * @param steps local steps in this round
 * @param moments what becomes of the optimiser's moments
 * @param seed of their random rounding
 */
public record RoundPlan(int number, long firstStep, int steps, Moments moments, long seed) implements Serializable {
    /** Who rounds the mean of all shards, where a shard gives its number. */
    static final int DRIVER = -1;

    /** The round of that number, of at most {@code localSteps} steps. */
    public static RoundPlan of(int number, int localSteps, long totalSteps, Moments moments, long seed) {
        long first = (long) (number - 1) * localSteps;
        return new RoundPlan(number, first, (int) Math.min(localSteps, totalSteps - first), moments, seed);
    }

    /** The moments as this round sends them. */
    OptimizerState sent(OptimizerState state, int shard) {
        return moments == Moments.AVERAGE_BF16
                ? state.toBfloat16(CounterRandom.mix(CounterRandom.mix(seed, number), shard))
                : state;
    }
}
