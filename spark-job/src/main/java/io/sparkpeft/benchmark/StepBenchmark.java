package io.sparkpeft.benchmark;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.param.MaskIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Whole optimiser steps of random weights on random tokens: forward, backward, AdamW, writing back. Every task is one
 * thread with a replica of its own, as tasks of one executor are; tasks begin to measure together.
 *
 * @param shape of the model
 * @param language whether the family's language-model objective is trained; else classification
 * @param size of a step
 * @param mask which weights are tuned
 * @param measure how long
 * @param seed of weights, tokens and labels
 * @param backend that computes
 */
public record StepBenchmark(
        ModelShape shape,
        boolean language,
        RandomBatches.StepSize size,
        MaskChoice mask,
        Measure measure,
        long seed,
        String backend) {
    private static final int DISTINCT = 4;

    /**
     * @param steps measured steps
     * @param warmup steps before them
     * @param tasks threads
     */
    public record Measure(int steps, int warmup, int tasks) {
        public Measure {
            if (steps < 1 || warmup < 0 || tasks < 1) {
                throw new IllegalArgumentException(
                        "Invalid measure: %d steps after %d of warm-up in %d tasks".formatted(steps, warmup, tasks));
            }
        }
    }

    private record Made(StepClock clock, double loss) {}

    /** The batches of the steps, which come again after the last. */
    public RandomBatches batches() {
        return new RandomBatches(shape, objective(), size, DISTINCT, seed);
    }

    private Objective objective() {
        return language ? shape.languageObjective() : Objective.SEQUENCE_CLASSIFICATION;
    }

    /** Runs it. */
    public Report run() {
        PretrainedModel weights = RandomModel.weights(shape, objective(), RandomModel.CLASSES, seed);
        RandomBatches batches = batches();
        TransformerModel first = RandomModel.replica(weights, backend);
        MaskIndex index = new MaskIndex(mask.choose(weights, first, batches.all(), seed));
        List<TrainingTask> tasks = new ArrayList<>();
        for (int t = 0; t < measure.tasks(); t++) {
            TransformerModel model = t == 0 ? first : RandomModel.replica(weights, backend);
            tasks.add(new TrainingTask(model, index, measure.warmup() + measure.steps()));
        }
        List<Made> made = Parallel.run(tasks, (task, meeting) -> {
            StepClock clock = new StepClock(batches, measure.warmup(), measure.steps(), meeting);
            return new Made(clock, task.run(weights, clock).tally().meanLoss());
        });
        tasks.forEach(TrainingTask::release);
        return report(weights, index, made, batches);
    }

    private Report report(PretrainedModel weights, MaskIndex index, List<Made> made, RandomBatches batches) {
        double[] steps = made.stream()
                .flatMapToDouble(m -> Arrays.stream(m.clock().milliseconds()))
                .toArray();
        Spread spread = Spread.of(steps);
        double perSecond = made.stream()
                .mapToDouble(m -> 1e3 / Spread.of(m.clock().milliseconds()).median())
                .sum();
        double flop = LongStream.range(0, batches.distinct())
                .map(s -> FlopCount.trainingStep(shape, RandomModel.CLASSES, batches.microBatches(s)))
                .average()
                .orElseThrow();
        Report report = new Report("step")
                .condition("compute", BackendProvider.named(backend).description())
                .condition("shape", shape.text())
                .condition("objective", objective().name())
                .condition("weights", weights.parameters().layout().size())
                .condition("tuned", index.size())
                .condition("mask", mask.text())
                .condition("examples", size.examples())
                .condition("length", size.length())
                .condition("tasks", measure.tasks())
                .condition("steps", measure.steps())
                .spread("step", "ms", spread, "one step")
                .figure("tokens_per_second", size.tokens() * perSecond, "tokens a second, all tasks", "%,.0f")
                .figure("dense_gflop", flop * 1e-9, "work of a dense step, GFLOP", "%.3f")
                .figure("gflop_per_second", flop * 1e-9 * perSecond, "of it a second, GFLOP/s", "%.1f")
                .figure("heap_bytes_per_step", allocated(made), "Java heap allocated a step, bytes", "%,.0f")
                .figure("loss", made.get(0).loss(), "mean loss, nats", "%.6f");
        ProcessMemory.peak()
                .ifPresent(peak -> report.figure("peak_bytes", peak, "peak resident memory, bytes", "%,.0f"));
        return report;
    }

    private static double allocated(List<Made> made) {
        return made.stream().mapToLong(m -> m.clock().allocatedPerStep()).max().orElseThrow();
    }
}
