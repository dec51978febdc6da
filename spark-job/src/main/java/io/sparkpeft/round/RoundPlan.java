package io.sparkpeft.round;

import java.io.Serializable;

/**
 * One round of a phase.
 *
 * @param number from 1
 * @param firstStep local steps that every shard made before
 * @param steps local steps in this round
 * @param moments whether the optimiser's moments are averaged too
 */
public record RoundPlan(int number, long firstStep, int steps, boolean moments) implements Serializable {
    /** The round of that number, of at most {@code localSteps} steps. */
    public static RoundPlan of(int number, int localSteps, long totalSteps, boolean moments) {
        long first = (long) (number - 1) * localSteps;
        return new RoundPlan(number, first, (int) Math.min(localSteps, totalSteps - first), moments);
    }
}
