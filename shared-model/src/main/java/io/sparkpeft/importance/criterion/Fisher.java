package io.sparkpeft.importance.criterion;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.param.ParameterSlice;
import java.util.EnumSet;
import java.util.Set;

/**
 * Empirical Fisher information with the true labels, Σ_i g_{i,j}², squared example by example: how much the log-likelihood
 * of the data bends with a weight, hence what changing it can do. It says nothing of a weight's size; see
 * {@link OptimalBrainDamage} for pruning. FISH Mask: Sung, Nair and Raffel 2021, arXiv 2111.09839.
 */
public final class Fisher implements ImportanceCriterion {
    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public ImportanceStatistic statistic() {
        return ImportanceStatistic.SQUARED_GRADIENT;
    }

    @Override
    public Set<MaskUse> uses() {
        return EnumSet.allOf(MaskUse.class);
    }

    @Override
    public float[] score(ParameterSlice slice, float[] weights, float[] statistic, long seed) {
        float[] scores = new float[weights.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = statistic[i];
        }
        return scores;
    }
}
