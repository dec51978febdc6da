package io.sparkpeft.stage;

import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.spark.ModelState;
import io.sparkpeft.spark.StateWeights;
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

    boolean isRetentionAware() {
        return genericWeight > 0;
    }

    /** Scores on the task of one slice. */
    float[] taskScores(StateWeights weights, ParameterSlice slice, int number, Configuration configuration) {
        return scores(weights, slice, task.read(number, configuration));
    }

    /** Scores on the generic sample of one slice. */
    float[] genericScores(StateWeights weights, ParameterSlice slice, int number, Configuration configuration) {
        return scores(weights, slice, generic.read(number, configuration));
    }

    private float[] scores(StateWeights weights, ParameterSlice slice, float[] statistic) {
        float[] values = slice.cut(weights.tensor(slice.tensor()));
        return ImportanceCriterion.named(criterion).score(slice, values, statistic, seed);
    }
}
