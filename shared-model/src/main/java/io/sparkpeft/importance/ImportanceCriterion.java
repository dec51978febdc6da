package io.sparkpeft.importance;

import io.sparkpeft.param.ParameterSlice;

/**
 * Says how important each weight is: the highest scores are kept. One file per criterion, found through
 * {@link java.util.ServiceLoader}.
 */
public interface ImportanceCriterion {
    /** The name that a recipe uses. */
    String name();

    /** What has to be accumulated over data. */
    ImportanceStatistic statistic();

    /**
     * Scores of the entries of a slice, not negative, in the slice's order.
     *
     * @param slice which weights
     * @param weights their values
     * @param statistic the statistic of each; empty for {@link ImportanceStatistic#NONE}
     * @param seed of the run, for criteria that draw
     */
    float[] score(ParameterSlice slice, float[] weights, float[] statistic, long seed);

    /** Whether scores mean something only within one output channel, as Wanda's do. */
    default boolean comparesWithinLines() {
        return false;
    }
}
