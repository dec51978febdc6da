package io.sparkpeft.importance.criterion;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorKind;
import java.util.EnumSet;
import java.util.Set;

/**
 * abs(W_ij)·‖X_j‖₂ with the norm of input j over all positions seen; compared within each output channel. Only linear layers
 * have inputs in this sense: embeddings, biases and norms are not scored, and so never pruned. Wanda: Sun et al. 2023,
 * arXiv 2306.11695.
 */
public final class Wanda implements ImportanceCriterion {
    @Override
    public String name() {
        return "wanda";
    }

    @Override
    public ImportanceStatistic statistic() {
        return ImportanceStatistic.SQUARED_INPUT;
    }

    @Override
    public Set<MaskUse> uses() {
        return EnumSet.of(MaskUse.PRUNE);
    }

    @Override
    public float[] score(ParameterSlice slice, float[] weights, float[] statistic, long seed) {
        float[] scores = new float[weights.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.min(Float.MAX_VALUE, Math.abs(weights[i]) * (float) Math.sqrt(statistic[i]));
        }
        return scores;
    }

    @Override
    public boolean scores(TensorKind kind) {
        return kind == TensorKind.LINEAR || kind == TensorKind.CONV1D;
    }

    @Override
    public boolean comparesWithinLines() {
        return true;
    }
}
