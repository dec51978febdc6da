package io.sparkpeft.benchmark;

import io.sparkpeft.benchmark.figure.ProcessMemory;
import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.benchmark.figure.Spread;
import io.sparkpeft.benchmark.input.MaskChoice;
import io.sparkpeft.benchmark.input.ModelSource;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.weights.SharedWeights;
import io.sparkpeft.param.MaskIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Optimiser steps of a workload on some threads, each with a replica of its own as tasks of one executor have; tasks
 * begin to measure together.
 *
 * @param workload what is computed
 * @param mask which weights are tuned
 * @param measure how long
 */
record Training(Workload workload, MaskChoice mask, Measure measure) {
    /** Steps whose batches importance is summed over. */
    private static final int IMPORTANCE_STEPS = 8;

    private record Made(StepClock clock, double loss) {}

    Report run(Report report) {
        ModelSource source = workload.source();
        MaskIndex index = choose(source);
        SharedWeights shared = source.shared(workload.weights());
        List<TrainingTask> tasks = new ArrayList<>();
        for (int t = 0; t < measure.tasks(); t++) {
            TransformerModel model =
                    source.replica(workload.weights(), source.backend().create(), shared, Optional.of(index));
            tasks.add(new TrainingTask(model, index, measure.warmup() + measure.steps()));
        }
        float[] values = index.gather(source.start(workload.weights()));
        List<Made> made = Parallel.run(tasks, (task, meeting) -> {
            StepClock clock = new StepClock(workload.batches(), measure.warmup(), measure.steps(), meeting);
            return new Made(clock, task.run(values, clock).tally().meanLoss());
        });
        OptionalLong peak = ProcessMemory.peak();
        OptionalLong device = tasks.get(0).deviceBytes();
        long workspace = tasks.get(0).workspace();
        long held = shared.bytes()
                + tasks.stream().mapToLong(TrainingTask::ownBytes).sum();
        tasks.forEach(TrainingTask::release);
        report(report, index, made);
        report.figure("workspace_bytes", workspace, "activations and gradients of a task, bytes", "%,.0f");
        report.figure("weight_bytes", held, "weights of all tasks, bytes", "%,.0f");
        peak.ifPresent(bytes -> report.figure("peak_bytes", bytes, "peak resident memory, bytes", "%,.0f"));
        device.ifPresent(bytes -> report.figure("device_bytes", bytes, "memory of the device, bytes", "%,.0f"));
        if (measure.profiled() > 0) {
            KernelShares.measure(workload, shared, index, measure).report(report);
        }
        shared.leave();
        return report;
    }

    private MaskIndex choose(ModelSource source) {
        return mask.asksModel()
                ? chooseByModel(source)
                : new MaskIndex(mask.choose(workload.weights(), Optional.empty(), List.of(), source.seed()));
    }

    /** Importance has memory of its own, which is given back before steps are made. */
    private MaskIndex chooseByModel(ModelSource source) {
        SharedWeights shared = source.shared(workload.weights());
        TransformerModel model =
                source.replica(workload.weights(), source.backend().create(), shared, Optional.empty());
        try {
            return new MaskIndex(mask.choose(
                    workload.weights(), Optional.of(model), workload.first(IMPORTANCE_STEPS), source.seed()));
        } finally {
            model.close();
            model.backend().close();
            shared.leave();
        }
    }

    private void report(Report report, MaskIndex index, List<Made> made) {
        double[] steps = made.stream()
                .flatMapToDouble(m -> Arrays.stream(m.clock().milliseconds()))
                .toArray();
        double seconds =
                made.stream().mapToDouble(m -> m.clock().seconds()).max().orElseThrow();
        long tokens = made.stream().mapToLong(m -> m.clock().tokens()).sum();
        double stepsPerSecond = measure.tasks() * measure.steps() / seconds;
        double gigaflop = workload.denseGigaflop();
        report.condition("compute", workload.source().description())
                .condition("model", workload.source().text())
                .condition("weights", workload.weights().definition().layout().size())
                .condition("frozen", Names.value(workload.source().frozen()))
                .condition("recompute", Names.value(workload.source().recompute()))
                .condition("tuned", index.size())
                .condition("mask", mask.text())
                .condition("tasks", measure.tasks())
                .condition("steps", measure.steps())
                .condition("warmup", measure.warmup())
                .condition(
                        "examples",
                        made.stream().mapToLong(m -> m.clock().examples()).sum())
                .condition("tokens", tokens)
                .spread("step", "ms", Spread.of(steps), "one step")
                .figure("processor_ms", processor(made), "processor time of an average step, ms", "%.2f")
                .figure("seconds", seconds, "all measured steps, seconds", "%.2f")
                .figure("tokens_per_second", tokens / seconds, "tokens a second, all tasks", "%,.0f")
                .figure("dense_gflop", gigaflop, "work of a dense step, GFLOP", "%.3f")
                .figure("gflop_per_second", gigaflop * stepsPerSecond, "of it a second, GFLOP/s", "%.1f")
                .figure("heap_bytes_per_step", allocated(made), "Java heap allocated a step, bytes", "%,.0f")
                .figure("loss", made.get(0).loss(), "mean loss, warm-up included, nats", "%.6f");
    }

    private static double processor(List<Made> made) {
        return made.stream()
                .mapToDouble(m -> m.clock().processorMilliseconds())
                .average()
                .orElseThrow();
    }

    private static double allocated(List<Made> made) {
        return made.stream().mapToLong(m -> m.clock().allocatedPerStep()).max().orElseThrow();
    }
}
