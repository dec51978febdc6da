package io.sparkpeft.importance.criterion;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.param.ParameterSlice;
import java.util.EnumSet;
import java.util.Set;

/**
 * abs(θ_j·Σ_b ḡ_b): the change of the loss, to first order, when a weight is set to 0. SNIP: Lee, Ajanthan and Torr 2019,
 * arXiv 1810.02340; for update masks SHiRA: Bhardwaj et al. 2024, arXiv 2406.13175.
 */
public final class Snip implements ImportanceCriterion {
    @Override
    public String name() {
        return "snip";
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
            scores[i] = Math.min(Float.MAX_VALUE, Math.abs(weights[i] * statistic[i]));
        }
        return scores;
    }
}
