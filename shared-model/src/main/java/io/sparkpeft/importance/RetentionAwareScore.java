package io.sparkpeft.importance;

import java.io.Serializable;

/**
 * Importance for the task and for what the model already knows, together:
 *
 * <pre>   score_j = task_j / mean(task) + λ · generic_j / mean(generic)   </pre>
 *
 * the means being over all weights scored. A criterion on the task alone calls a weight useless that carries general
 * knowledge, and pruning by it destroys that knowledge; a small sample of general text prevents it.
 *
 * @param task totals of the scores on the task
 * @param generic totals of the scores on the generic sample
 * @param weight λ, 0 for the task alone
 */
public record RetentionAwareScore(ScoreTotals task, ScoreTotals generic, double weight) implements Serializable {
    public RetentionAwareScore {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("Invalid weight of the generic sample: %s".formatted(weight));
        }
    }

    /**
     * The scores of a slice. A sample whose scores are all 0 says nothing and adds nothing.
     *
     * @param taskScores scores of the slice on the task
     * @param genericScores scores of the same weights on the generic sample
     */
    public float[] combine(float[] taskScores, float[] genericScores) {
        double taskFactor = task.mean() > 0 ? 1 / task.mean() : 0;
        double genericFactor = generic.mean() > 0 ? weight / generic.mean() : 0;
        float[] combined = new float[taskScores.length];
        for (int i = 0; i < combined.length; i++) {
            double score = taskScores[i] * taskFactor + genericScores[i] * genericFactor;
            combined[i] = (float) Math.min(score, Float.MAX_VALUE);
        }
        return combined;
    }
}
