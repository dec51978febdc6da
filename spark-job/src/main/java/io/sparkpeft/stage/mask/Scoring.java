package io.sparkpeft.stage.mask;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.StateWeights;
import io.sparkpeft.stage.importance.ImportanceArtefact;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/**
 * How the weights of a state are scored for one mask: score = task/mean(task) + λ·generic/mean(generic), or the task's
 * score alone where λ is 0.
 *
 * @param state the model
 * @param criterion name of the criterion
 * @param task the statistic on the task
 * @param generic the statistic on the generic sample; none where λ is 0
 * @param genericWeight λ
 * @param seed for criteria that draw
 */
record Scoring(
        ModelState state,
        String criterion,
        ImportanceArtefact task,
        ImportanceArtefact generic,
        double genericWeight,
        long seed)
        implements Serializable {

    public boolean isRetentionAware() {
        return genericWeight > 0;
    }

    /** Scores on the task of one slice. */
    public float[] taskScores(StateWeights weights, ParameterSlice slice, int number, Configuration configuration) {
        return scores(weights, slice, task.read(number, configuration));
    }

    /** Scores on the generic sample of one slice. */
    public float[] genericScores(StateWeights weights, ParameterSlice slice, int number, Configuration configuration) {
        return scores(weights, slice, generic.read(number, configuration));
    }

    private float[] scores(StateWeights weights, ParameterSlice slice, float[] statistic) {
        float[] values = slice.cut(weights);
        return ImportanceCriterion.named(criterion).score(slice, values, statistic, seed);
    }
}
