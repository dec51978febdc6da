package io.sparkpeft.kernel;

import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.profile.KernelProfile;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Attention of 4 heads of 64 over 1,024 rows in sequences of one length. */
public class AttentionBenchmark extends KernelBenchmark {
    private static final int HEADS = 4;

    @Param({"32", "64", "256"})
    private int length;

    @Param({"false", "true"})
    private boolean causal;

    private Bench bench;
    private AttentionSpec spec;
    private QueryKeyValue input;
    private QueryKeyValue gradients;
    private Tensor probabilities;
    private Tensor output;
    private Tensor outputGradient;
    private KernelProfile.Work forward;
    private KernelProfile.Work backward;

    @Setup(Level.Trial)
    public void prepare() {
        bench = new Bench(backend);
        int[] offsets = new int[ROWS / length + 1];
        for (int s = 0; s < offsets.length; s++) {
            offsets[s] = s * length;
        }
        spec = new AttentionSpec(HEADS, HEADS, COLUMNS / HEADS, causal, offsets, Dropout.NONE);
        input = split(bench.random(ROWS, 3 * COLUMNS));
        gradients = split(bench.random(ROWS, 3 * COLUMNS));
        probabilities = bench.backend().allocate(HEADS, spec.probabilitiesPerHead());
        output = bench.random(ROWS, COLUMNS);
        outputGradient = bench.random(ROWS, COLUMNS);
        forward = bench.work(this::attend);
        backward = bench.work(this::attendBackward);
    }

    private QueryKeyValue split(Tensor joined) {
        Backend all = bench.backend();
        return new QueryKeyValue(
                all.columns(joined, 0, COLUMNS),
                all.columns(joined, COLUMNS, COLUMNS),
                all.columns(joined, 2 * COLUMNS, COLUMNS));
    }

    private void attend(Backend kernels) {
        kernels.attention(spec, input, probabilities, output);
    }

    private void attendBackward(Backend kernels) {
        kernels.attentionBackward(spec, input, probabilities, outputGradient, gradients);
    }

    @Benchmark
    public void attention(Roofline roofline) {
        attend(bench.backend());
        roofline.count(forward);
    }

    @Benchmark
    public void attentionBackward(Roofline roofline) {
        attendBackward(bench.backend());
        roofline.count(backward);
    }

    @TearDown
    public void close() {
        bench.close();
    }
}
