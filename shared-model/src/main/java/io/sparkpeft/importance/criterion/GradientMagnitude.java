package io.sparkpeft.importance.criterion;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.param.ParameterSlice;
import java.util.EnumSet;
import java.util.Set;

/**
 * abs(Σ_b ḡ_b), the size of the summed batch gradients: what tuning would move most. Not for pruning, since it says what is to
 * be gained and not what is lost. SPEFT: arXiv 2412.13488.
 */
public final class GradientMagnitude implements ImportanceCriterion {
    @Override
    public String name() {
        return "gradient";
    }

    @Override
    public ImportanceStatistic statistic() {
        return ImportanceStatistic.GRADIENT_SUM;
    }

    @Override
    public Set<MaskUse> uses() {
        return EnumSet.of(MaskUse.UPDATE);
    }

    @Override
    public float[] score(ParameterSlice slice, float[] weights, float[] statistic, long seed) {
        float[] scores = new float[weights.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.abs(statistic[i]);
        }
        return scores;
    }
}
