package io.sparkpeft.benchmark;

import io.sparkpeft.config.bind.Names;
import io.sparkpeft.importance.ImportanceAccumulator;
import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.mask.DensityGuards;
import io.sparkpeft.mask.Granularity;
import io.sparkpeft.mask.MaskSelection;
import io.sparkpeft.mask.MaskSelector;
import io.sparkpeft.mask.PruneMasks;
import io.sparkpeft.mask.ScoredSlice;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.TensorFilter;
import io.sparkpeft.mask.UpdateMasks;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the tuned weights are chosen: by the scores of a criterion over some batches, highest first, of all body weights
 * together, as a run with {@code update.scope = global} does it.
 *
 * @param density share of the body's weights; 1 tunes all
 * @param criterion of the importance, such as fisher or random
 * @param granularity single weights, or whole rows or columns
 */
public record MaskChoice(double density, String criterion, Granularity granularity) {
    private static final int SLICE = 1 << 20;

    public MaskChoice {
        if (!(density > 0 && density <= 1)) {
            throw new IllegalArgumentException("Invalid density: %s must be above 0 and at most 1".formatted(density));
        }
        if (!ImportanceCriterion.named(criterion).uses().contains(MaskUse.UPDATE)) {
            throw new IllegalArgumentException(
                    "Invalid criterion: %s says nothing of which weights to tune".formatted(criterion));
        }
    }

    String text() {
        return isDense() ? "dense" : "%s %s, by %s".formatted(Names.value(granularity), density, criterion);
    }

    boolean isDense() {
        return density == 1;
    }

    /**
     * The update mask.
     *
     * @param batches that the criterion's statistic is summed over
     */
    ParameterMask choose(PretrainedModel weights, TransformerModel model, Iterable<TokenBatch> batches, long seed) {
        ParameterMask kept = PruneMasks.unpruned(weights.parameters().layout());
        if (isDense()) {
            return UpdateMasks.allThatRemains(kept);
        }
        ImportanceCriterion named = ImportanceCriterion.named(criterion);
        SelectionTask task = UpdateMasks.task(
                        kept, TensorFilter.UPDATING.where(named::scores), density, DensityGuards.NONE)
                .of(granularity);
        List<ScoredSlice> slices = scores(named, weights, model, batches, seed, task.candidates());
        return UpdateMasks.finish(MaskSelection.select(MaskSelector.named("global"), task, slices));
    }

    private static List<ScoredSlice> scores(
            ImportanceCriterion criterion,
            PretrainedModel weights,
            TransformerModel model,
            Iterable<TokenBatch> batches,
            long seed,
            ParameterMask candidates) {
        List<ScoredSlice> scored = new ArrayList<>();
        try (Sums sums = Sums.over(criterion.statistic(), model, batches, seed)) {
            for (ParameterSlice slice : ParameterSlice.of(model.layout(), TensorRole.BODY, SLICE)) {
                float[] values = slice.cut(weights.parameters().tensor(slice.tensor()));
                float[] scores = criterion.score(slice, values, sums.cut(slice), seed);
                scored.add(ScoredSlice.of(slice, scores, candidates));
            }
        }
        return scored;
    }

    /** What a criterion needs of the data; nothing where it needs none. */
    private record Sums(Optional<ImportanceAccumulator<TokenBatch>> accumulator) implements AutoCloseable {
        static Sums over(
                ImportanceStatistic statistic, TransformerModel model, Iterable<TokenBatch> batches, long seed) {
            if (statistic == ImportanceStatistic.NONE) {
                return new Sums(Optional.empty());
            }
            ImportanceAccumulator<TokenBatch> sums = new ImportanceAccumulator<>(model, statistic, seed);
            batches.forEach(sums::add);
            return new Sums(Optional.of(sums));
        }

        float[] cut(ParameterSlice slice) {
            return accumulator.map(sums -> sums.cut(slice)).orElseGet(() -> new float[0]);
        }

        @Override
        public void close() {
            accumulator.ifPresent(ImportanceAccumulator::close);
        }
    }
}
