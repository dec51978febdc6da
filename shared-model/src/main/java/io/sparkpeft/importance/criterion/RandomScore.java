package io.sparkpeft.importance.criterion;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.random.CounterRandom;
import java.util.EnumSet;
import java.util.Set;

/**
 * A seeded uniform draw per weight, by flat index: the control that every comparison needs.
 */
public final class RandomScore implements ImportanceCriterion {
    @Override
    public String name() {
        return "random";
    }

    @Override
    public ImportanceStatistic statistic() {
        return ImportanceStatistic.NONE;
    }

    @Override
    public Set<MaskUse> uses() {
        return EnumSet.allOf(MaskUse.class);
    }

    @Override
    public float[] score(ParameterSlice slice, float[] weights, float[] statistic, long seed) {
        float[] scores = new float[weights.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) CounterRandom.uniform(seed, slice.flatIndex(i));
        }
        return scores;
    }
}
