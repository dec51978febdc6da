package io.sparkpeft.importance.criterion;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.param.ParameterSlice;
import java.util.EnumSet;
import java.util.Set;

/**
 * Saliency ½·F_j·θ_j²: the rise of the loss, to second order at a minimum, when a weight is set to 0, with the empirical
 * Fisher information F_j = Σ_i g_{i,j}² as the curvature. The default for pruning: the Fisher information alone says
 * nothing of a weight's size. Optimal Brain Damage: LeCun, Denker and Solla 1990.
 */
public final class OptimalBrainDamage implements ImportanceCriterion {
    @Override
    public String name() {
        return "obd";
    }

    @Override
    public ImportanceStatistic statistic() {
        return ImportanceStatistic.SQUARED_GRADIENT;
    }

    @Override
    public Set<MaskUse> uses() {
        return EnumSet.of(MaskUse.PRUNE);
    }

    @Override
    public float[] score(ParameterSlice slice, float[] weights, float[] statistic, long seed) {
        float[] scores = new float[weights.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.min(Float.MAX_VALUE, 0.5f * statistic[i] * weights[i] * weights[i]);
        }
        return scores;
    }
}
