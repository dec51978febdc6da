package io.sparkpeft.importance.criterion;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.param.ParameterSlice;
import java.util.EnumSet;
import java.util.Set;

/**
 * abs(θ_j): large weights matter. Needs no data. Han et al. 2015, arXiv 1506.02626.
 */
public final class Magnitude implements ImportanceCriterion {
    @Override
    public String name() {
        return "magnitude";
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
            scores[i] = Math.abs(weights[i]);
        }
        return scores;
    }
}
