package io.sparkpeft.importance;

import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.spi.Named;
import io.sparkpeft.spi.Services;
import java.util.Set;

/**
 * Says how important each weight is: the highest scores are kept. One file per criterion, found through
 * {@link java.util.ServiceLoader}; stateless.
 */
public interface ImportanceCriterion extends Named {
    /** What has to be accumulated over data. */
    ImportanceStatistic statistic();

    /** The masks that the criterion may choose. */
    Set<MaskUse> uses();

    /**
     * Scores of the entries of a slice, not negative, in the slice's order; finite for finite input.
     *
     * @param slice which weights
     * @param weights their values
     * @param statistic the statistic of each; empty for {@link ImportanceStatistic#NONE}
     * @param seed of the run, for criteria that draw
     */
    float[] score(ParameterSlice slice, float[] weights, float[] statistic, long seed);

    /** Whether the criterion says anything of tensors of this kind; no mask may choose among the weights of others. */
    default boolean scores(TensorKind kind) {
        return true;
    }

    /** Whether scores mean something only within one output channel, as Wanda's do. */
    default boolean comparesWithinLines() {
        return false;
    }

    static ImportanceCriterion named(String name) {
        return Services.find(ImportanceCriterion.class, "importance criterion", name);
    }
}
