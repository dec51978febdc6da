package io.sparkpeft.stage.mask;

import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.importance.RetentionAwareScore;
import io.sparkpeft.importance.ScoreTotals;
import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.spark.model.ExecutorModels;
import io.sparkpeft.spark.model.StateWeights;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;

/**
 * The scores of one selection, slice by slice, on executors. A slice is scored once per executor and kept while the
 * selection goes on, since several passes read it.
 *
 * @param scoring how weights are scored
 * @param application id of the Spark application that selects
 * @param candidates the weights that may be chosen, as a mask file
 * @param normaliser puts the task's score and the generic one together
 */
public record Scores(Scoring scoring, String application, Broadcast<byte[]> candidates, RetentionAwareScore normaliser)
        implements Serializable {
    public static final RetentionAwareScore TASK_ONLY = new RetentionAwareScore(ScoreTotals.ZERO, ScoreTotals.ZERO, 0);

    public Scores with(RetentionAwareScore other) {
        return new Scores(scoring, application, candidates, other);
    }

    /** The final scores of a slice, with what may not be chosen excluded. */
    public ScoredSlice of(int number, Configuration configuration) {
        SelectionCache cache = SelectionCache.of(
                application,
                candidates.id(),
                () -> DeltaCodec.decodeMask(
                        candidates.value(), weights(configuration).layout(), "the candidates"));
        return cache.slices().computeIfAbsent(number, n -> score(n, cache.allowed(), configuration));
    }

    public ScoreTotals taskTotals(int number, Configuration configuration) {
        StateWeights weights = weights(configuration);
        return ScoreTotals.of(scoring.taskScores(weights, slice(weights, number), number, configuration));
    }

    public ScoreTotals genericTotals(int number, Configuration configuration) {
        StateWeights weights = weights(configuration);
        return ScoreTotals.of(scoring.genericScores(weights, slice(weights, number), number, configuration));
    }

    private ScoredSlice score(int number, ParameterMask allowed, Configuration configuration) {
        StateWeights weights = weights(configuration);
        ParameterSlice slice = slice(weights, number);
        float[] scores = scoring.taskScores(weights, slice, number, configuration);
        if (scoring.isRetentionAware()) {
            scores = normaliser.combine(scores, scoring.genericScores(weights, slice, number, configuration));
        }
        return ScoredSlice.of(slice, scores, allowed);
    }

    private StateWeights weights(Configuration configuration) {
        return ExecutorModels.of(scoring.state().base(), configuration).weights(scoring.state(), configuration);
    }

    private ParameterSlice slice(StateWeights weights, int number) {
        return ParameterSlice.of(
                        weights.layout(), TensorRole.BODY, scoring.task().sliceSize())
                .get(number);
    }
}
