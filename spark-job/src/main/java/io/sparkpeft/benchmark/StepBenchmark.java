package io.sparkpeft.benchmark;

import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.benchmark.input.BatchFile;
import io.sparkpeft.benchmark.input.MaskChoice;
import io.sparkpeft.benchmark.input.ModelSource;
import io.sparkpeft.benchmark.input.RandomBatches;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.StoredModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whole optimiser steps on random tokens of equal length: forward, backward, AdamW, writing back.
 *
 * @param source of the model
 * @param language whether the family's language-model objective is trained; else classification
 * @param size of a step
 * @param mask which weights are tuned
 * @param measure how long
 * @param batchFile where the batches are written to, if anywhere
 */
public record StepBenchmark(
        ModelSource source,
        boolean language,
        RandomBatches.StepSize size,
        MaskChoice mask,
        Measure measure,
        Optional<Path> batchFile) {
    private static final int DISTINCT = 4;

    /** Runs it. */
    public Report run() {
        Objective objective = source.objective(language);
        StoredModel weights = source.load(objective, language ? List.of() : RandomBatches.CLASSES);
        RandomBatches batches = new RandomBatches(weights.definition(), objective, size, DISTINCT, source.seed());
        batchFile.ifPresent(file -> BatchFile.write(file, batches, DISTINCT));
        Report report = new Report("step")
                .condition("objective", objective.name())
                .condition("batch", size.examples())
                .condition("length", size.length());
        return new Training(new Workload(source, weights, batches, DISTINCT), mask, measure).run(report);
    }
}
