package io.sparkpeft.benchmark;

import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.compute.profile.Kernel;
import io.sparkpeft.compute.profile.KernelProfile;
import io.sparkpeft.compute.profile.ProfilingBackend;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.weights.SharedWeights;
import io.sparkpeft.param.MaskIndex;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the time of a step goes into, on one thread.
 *
 * @param profile of all kernels
 * @param seconds that the steps took in all, kernels and what lies between them
 * @param steps counted
 */
record KernelShares(KernelProfile profile, double seconds, int steps) {
    private static final int WARMUP = 3;

    /** Makes steps on a replica whose kernels are counted. */
    static KernelShares measure(Workload workload, SharedWeights shared, MaskIndex index, Measure measure) {
        ProfilingBackend backend =
                new ProfilingBackend(workload.source().backend().create());
        TransformerModel model = workload.source().replica(workload.weights(), backend, shared, Optional.of(index));
        TrainingTask task = new TrainingTask(model, index, WARMUP + measure.profiled());
        StepClock clock = new StepClock(workload.batches(), WARMUP, measure.profiled(), backend::drain);
        task.run(index.gather(workload.source().start(workload.weights())), clock);
        KernelShares shares = new KernelShares(backend.drain(), clock.seconds(), measure.profiled());
        task.release();
        return shares;
    }

    void report(Report report) {
        long operations = profile.of(Kernel.GEMM).operations()
                + profile.of(Kernel.ATTENTION_PRODUCTS).operations()
                + profile.of(Kernel.ATTENTION).operations()
                + profile.of(Kernel.ATTENTION_BACKWARD).operations();
        report.figure("gemm_share", share(Kernel.GEMM), "share of GEMM in the time", "%.3f")
                .figure(
                        "attention_products_share",
                        share(Kernel.ATTENTION_PRODUCTS),
                        "share of the products inside attention",
                        "%.3f")
                .figure(
                        "attention_share",
                        share(Kernel.ATTENTION) + share(Kernel.ATTENTION_BACKWARD),
                        "share of the rest of attention",
                        "%.3f")
                .figure(
                        "done_gflop",
                        operations * 1e-9 / steps,
                        "work done of GEMM and attention a step, GFLOP",
                        "%.3f");
        Map<String, Map<String, Double>> kernels = new LinkedHashMap<>();
        List<Kernel> byTime = profile.work().keySet().stream()
                .sorted(Comparator.comparingDouble(this::share).reversed())
                .toList();
        for (Kernel kernel : byTime) {
            KernelProfile.Work work = profile.of(kernel);
            kernels.put(
                    kernel.key(),
                    Map.of(
                            "share", share(kernel),
                            "ms", work.seconds() * 1e3 / steps,
                            "calls", (double) work.calls() / steps,
                            "gflop_per_second", work.gigaflops(),
                            "gigabytes_per_second", work.gigabytes()));
        }
        report.kernels(kernels);
    }

    private double share(Kernel kernel) {
        return profile.of(kernel).seconds() / seconds;
    }
}
