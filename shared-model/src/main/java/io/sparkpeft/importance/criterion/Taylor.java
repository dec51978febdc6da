package io.sparkpeft.importance.criterion;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.param.ParameterSlice;
import java.util.EnumSet;
import java.util.Set;

/**
 * (θ_j·Σ_b ḡ_b)²: the squared first-order change of the loss when a weight is set to 0. Molchanov et al. 2019, arXiv
 * 1906.10771.
 */
public final class Taylor implements ImportanceCriterion {
    @Override
    public String name() {
        return "taylor";
    }

    @Override
    public ImportanceStatistic statistic() {
        return ImportanceStatistic.GRADIENT_SUM;
    }

    @Override
    public Set<MaskUse> uses() {
        return EnumSet.allOf(MaskUse.class);
    }

    @Override
    public float[] score(ParameterSlice slice, float[] weights, float[] statistic, long seed) {
        float[] scores = new float[weights.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.min(Float.MAX_VALUE, weights[i] * statistic[i] * (weights[i] * statistic[i]));
        }
        return scores;
    }
}
