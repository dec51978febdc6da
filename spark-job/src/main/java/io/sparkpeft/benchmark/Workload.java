package io.sparkpeft.benchmark;

import io.sparkpeft.benchmark.input.ModelSource;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.StoredModel;
import io.sparkpeft.train.BatchSource;
import java.util.stream.IntStream;

/**
 * What is computed: a model and the batches of its optimiser steps.
 *
 * @param source of the model
 * @param weights of the model
 * @param batches by step
 * @param steps number of different steps, after which they come again
 */
record Workload(ModelSource source, StoredModel weights, BatchSource<TokenBatch> batches, int steps) {

    /** The micro-batches of the first so many steps, one after the other. */
    Iterable<TokenBatch> first(int count) {
        return () -> IntStream.range(0, Math.min(count, steps))
                .boxed()
                .flatMap(step -> batches.microBatches(step).stream())
                .iterator();
    }

    /** GFLOP of an average dense step. */
    double denseGigaflop() {
        return 1e-9
                * IntStream.range(0, steps)
                        .mapToLong(s -> FlopCount.trainingStep(weights.definition(), batches.microBatches(s)))
                        .average()
                        .orElseThrow();
    }
}
