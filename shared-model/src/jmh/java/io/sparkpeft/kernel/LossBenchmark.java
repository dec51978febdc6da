package io.sparkpeft.kernel;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.profile.KernelProfile;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Cross-entropy with its gradient over a vocabulary, of 400 targets. */
public class LossBenchmark extends KernelBenchmark {
    private static final int TARGETS = 400;

    @Param({"2048", "30522"})
    private int vocabulary;

    private final int[] labels = new int[TARGETS];
    private final float[] scales = new float[TARGETS];
    private final float[] losses = new float[TARGETS];
    private Bench bench;
    private Tensor logits;
    private Tensor gradient;
    private KernelProfile.Work work;

    @Setup(Level.Trial)
    public void prepare() {
        bench = new Bench(backend);
        Arrays.fill(scales, 1f / TARGETS);
        logits = bench.random(TARGETS, vocabulary);
        gradient = bench.backend().allocate(TARGETS, vocabulary);
        work = bench.work(counted -> counted.crossEntropy(logits, labels, scales, losses, gradient));
    }

    @Benchmark
    public float[] crossEntropy(Roofline roofline) {
        bench.backend().crossEntropy(logits, labels, scales, losses, gradient);
        roofline.count(work);
        return losses;
    }

    @TearDown
    public void close() {
        bench.close();
    }
}
