package io.sparkpeft.stage.mask;

import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.importance.RetentionAwareScore;
import io.sparkpeft.importance.ScoreTotals;
import io.sparkpeft.mask.MaskSelection;
import io.sparkpeft.mask.MaskSelector;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.threshold.CountRequest;
import io.sparkpeft.mask.threshold.KeyCounts;
import io.sparkpeft.mask.threshold.SelectedSlice;
import io.sparkpeft.mask.threshold.SelectionProcess;
import io.sparkpeft.mask.threshold.SelectionRule;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.spark.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;

/**
 * Chooses the weights of the highest scores, exactly, without bringing the scores together: executors score slices and
 * count, the driver narrows the threshold down from counts, and executors then name the weights chosen.
 */
final class SelectMask {
    private final Cluster cluster;

    public SelectMask(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Makes a selection.
     *
     * @param what names the mask, for the Spark user interface
     * @param scoring how weights are scored
     * @param task how many of which weights
     * @param scope name of the mask selector
     */
    public ParameterMask select(String what, Scoring scoring, SelectionTask task, String scope) {
        int slices = ParameterSlice.of(
                        task.candidates().layout(),
                        TensorRole.BODY,
                        scoring.task().sliceSize())
                .size();
        List<Integer> numbers = IntStream.range(0, slices).boxed().toList();
        Broadcast<byte[]> candidates = cluster.context().broadcast(DeltaCodec.encode(task.candidates()));
        try {
            String application = cluster.context().sc().applicationId();
            Scores raw = new Scores(scoring, application, candidates, Scores.TASK_ONLY);
            return select(what, normalised(what, raw, numbers), task, scope, numbers);
        } finally {
            candidates.destroy();
        }
    }

    private ParameterMask select(String what, Scores scores, SelectionTask task, String scope, List<Integer> numbers) {

        SelectionProcess process = MaskSelector.named(scope).start(task);
        for (Optional<CountRequest> request = process.next(); request.isPresent(); request = process.next()) {
            CountRequest count = request.get();
            KeyCounts counts = new KeyCounts();
            onSlices("count scores for " + what, numbers, (slice, hadoop) -> count.count(scores.of(slice, hadoop)))
                    .forEach(counts::add);
            process.accept(counts);
        }
        SelectionRule rule = process.rule();
        List<SelectedSlice> chosen =
                onSlices("choose " + what, numbers, (slice, hadoop) -> rule.select(scores.of(slice, hadoop)));
        return MaskSelection.assemble(task, chosen);
    }

    /** Retention-aware scores need the means over all weights, which take a pass of their own. */
    private Scores normalised(String what, Scores raw, List<Integer> numbers) {
        if (!raw.scoring().isRetentionAware()) {
            return raw;
        }
        ScoreTotals task = onSlices("total scores for " + what, numbers, raw::taskTotals).stream()
                .reduce(ScoreTotals.ZERO, ScoreTotals::plus);
        ScoreTotals generic = onSlices("total generic scores for " + what, numbers, raw::genericTotals).stream()
                .reduce(ScoreTotals.ZERO, ScoreTotals::plus);
        return raw.with(new RetentionAwareScore(task, generic, raw.scoring().genericWeight()));
    }

    private <O> List<O> onSlices(String description, List<Integer> numbers, Cluster.Task<Integer, O> task) {
        return cluster.collect(description, cluster.onItems(numbers, task));
    }
}
