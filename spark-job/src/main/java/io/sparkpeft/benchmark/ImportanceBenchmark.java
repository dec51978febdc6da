package io.sparkpeft.benchmark;

import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.benchmark.figure.Spread;
import io.sparkpeft.benchmark.input.MaskChoice;
import io.sparkpeft.benchmark.input.ModelSource;
import io.sparkpeft.benchmark.input.RandomBatches;
import io.sparkpeft.importance.ImportanceAccumulator;
import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.StoredModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.param.MaskIndex;
import java.util.List;
import java.util.Optional;

/**
 * An importance pass over some examples against a training pass over the same examples, in one process and alternately:
 * forward and backward with what the statistic needs of every example, against whole steps of a {@link MaskChoice}.
 *
 * @param source of the model
 * @param language whether the family's language-model objective is used; else classification
 * @param size of a batch, of both passes
 * @param steps batches of a pass
 * @param criterion whose statistic is summed
 * @param mask what the training pass tunes
 * @param rounds measured pairs of passes, after one that is not
 */
public record ImportanceBenchmark(
        ModelSource source,
        boolean language,
        RandomBatches.StepSize size,
        int steps,
        String criterion,
        MaskChoice mask,
        int rounds) {
    public ImportanceBenchmark {
        if (steps < 1 || rounds < 1) {
            throw new IllegalArgumentException("Invalid measure: --examples %d and --rounds %d must be above 0"
                    .formatted(steps * size.examples(), rounds));
        }
        if (statistic(criterion) == ImportanceStatistic.NONE) {
            throw new IllegalArgumentException("Invalid --criterion: %s needs no pass over data".formatted(criterion));
        }
    }

    private static ImportanceStatistic statistic(String criterion) {
        return ImportanceCriterion.named(criterion).statistic();
    }

    /** Runs it. */
    public Report run() {
        Objective objective = source.objective(language);
        StoredModel weights = source.load(objective, language ? List.of() : RandomBatches.CLASSES);
        RandomBatches batches = new RandomBatches(weights.definition(), objective, size, steps, source.seed());
        Workload workload = new Workload(source, weights, batches, steps);
        TransformerModel model = source.replica(weights);
        MaskIndex index = new MaskIndex(mask.choose(weights, Optional.of(model), workload.first(8), source.seed()));
        TrainingTask task = new TrainingTask(model, index, steps);
        float[] values = index.gather(weights.weights());
        double[] importance = new double[rounds];
        double[] training = new double[rounds];
        double[] ratios = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            double scored = importancePass(model, workload);
            StepClock clock = new StepClock(batches, 0, steps, () -> {});
            task.run(values, clock);
            if (round >= 0) {
                importance[round] = scored;
                training[round] = clock.seconds();
                ratios[round] = scored / clock.seconds();
            }
        }
        task.release();
        return new Report("importance")
                .condition("compute", source.description())
                .condition("model", source.text())
                .condition("objective", objective.name())
                .condition("criterion", criterion)
                .condition("trained", mask.text())
                .condition("examples", size.examples() * steps)
                .condition("batch", size.examples())
                .condition("length", size.length())
                .condition("rounds", rounds)
                .spread("importance", "s", Spread.of(importance), "importance pass")
                .spread("training", "s", Spread.of(training), "training pass")
                .spread("ratio", "times", Spread.of(ratios), "importance / training");
    }

    private double importancePass(TransformerModel model, Workload workload) {
        try (ImportanceAccumulator<TokenBatch> sums =
                new ImportanceAccumulator<>(model, statistic(criterion), source.seed())) {
            long began = System.nanoTime();
            workload.first(steps).forEach(sums::add);
            return (System.nanoTime() - began) * 1e-9;
        }
    }
}
