package io.sparkpeft.importance.criterion;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.param.ParameterSlice;
import java.util.EnumSet;
import java.util.Set;

/**
 * Fisher information under the model's own distribution, Σ_i Σ_c p(c|x_i)·(∂ −log p(c|x_i)/∂θ_j)²; for language models one
 * drawn label per position stands for the inner sum. FISH Mask: Sung, Nair and Raffel 2021, arXiv 2111.09839.
 */
public final class ExpectedFisher implements ImportanceCriterion {
    @Override
    public String name() {
        return "fisher-expected";
    }

    @Override
    public ImportanceStatistic statistic() {
        return ImportanceStatistic.EXPECTED_SQUARED_GRADIENT;
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
