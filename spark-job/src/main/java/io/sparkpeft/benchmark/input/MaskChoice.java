package io.sparkpeft.benchmark.input;

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
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.TensorFilter;
import io.sparkpeft.mask.UpdateMasks;
import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.StoredModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.spi.Services;
import java.util.AbstractList;
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
            throw new IllegalArgumentException(
                    "Invalid --density: %s must be above 0 and at most 1".formatted(density));
        }
        List<String> fit = Services.all(ImportanceCriterion.class).stream()
                .filter(known -> known.uses().contains(MaskUse.UPDATE))
                .map(ImportanceCriterion::name)
                .toList();
        if (!fit.contains(criterion)) {
            throw new IllegalArgumentException("Invalid --criterion: %s is none that says which weights to tune: %s"
                    .formatted(criterion, String.join(", ", fit)));
        }
    }

    public String text() {
        return isDense() ? "dense" : "%s %s, by %s".formatted(Names.value(granularity), density, criterion);
    }

    boolean isDense() {
        return density == 1;
    }

    /** Whether a model must be run to choose. */
    public boolean asksModel() {
        return !isDense() && ImportanceCriterion.named(criterion).statistic() != ImportanceStatistic.NONE;
    }

    /**
     * The update mask.
     *
     * @param model there if it is {@link #asksModel asked}
     * @param batches that the criterion's statistic is summed over
     */
    public ParameterMask choose(
            StoredModel weights, Optional<TransformerModel> model, Iterable<TokenBatch> batches, long seed) {
        ParameterMask kept = PruneMasks.unpruned(weights.definition().layout());
        if (isDense()) {
            return UpdateMasks.allThatRemains(kept);
        }
        ImportanceCriterion named = ImportanceCriterion.named(criterion);
        SelectionTask task = UpdateMasks.task(
                        kept, TensorFilter.UPDATING.where(named::scores), density, DensityGuards.NONE)
                .of(granularity);
        try (Sums sums = Sums.over(named.statistic(), model, batches, seed)) {
            List<ParameterSlice> slices = ParameterSlice.of(weights.definition().layout(), TensorRole.BODY, SLICE);
            // Scored anew whenever one is read: all scores together would take as much memory as the model.
            List<ScoredSlice> scored = new AbstractList<>() {
                @Override
                public ScoredSlice get(int number) {
                    ParameterSlice slice = slices.get(number);
                    float[] values = slice.cut(weights.weights());
                    return ScoredSlice.of(slice, named.score(slice, values, sums.cut(slice), seed), task.candidates());
                }

                @Override
                public int size() {
                    return slices.size();
                }
            };
            return UpdateMasks.finish(MaskSelection.select(MaskSelector.named("global"), task, scored));
        }
    }

    /** What a criterion needs of the data; nothing where it needs none. */
    private static final class Sums implements AutoCloseable {
        private final Optional<ImportanceAccumulator<TokenBatch>> accumulator;
        private int tensor = -1;
        private float[] ofTensor = new float[0];

        private Sums(Optional<ImportanceAccumulator<TokenBatch>> accumulator) {
            this.accumulator = accumulator;
        }

        static Sums over(
                ImportanceStatistic statistic,
                Optional<TransformerModel> model,
                Iterable<TokenBatch> batches,
                long seed) {
            if (statistic == ImportanceStatistic.NONE) {
                return new Sums(Optional.empty());
            }
            ImportanceAccumulator<TokenBatch> sums = new ImportanceAccumulator<>(model.orElseThrow(), statistic, seed);
            batches.forEach(sums::add);
            return new Sums(Optional.of(sums));
        }

        float[] cut(ParameterSlice slice) {
            if (accumulator.isEmpty()) {
                return new float[0];
            }
            if (slice.tensor() != tensor) {
                tensor = slice.tensor();
                ofTensor = accumulator.get().tensor(tensor);
            }
            return accumulator.get().cut(slice, ofTensor);
        }

        @Override
        public void close() {
            accumulator.ifPresent(ImportanceAccumulator::close);
        }
    }
}
