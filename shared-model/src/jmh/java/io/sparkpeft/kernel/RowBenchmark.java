package io.sparkpeft.kernel;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.profile.KernelProfile;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Kernels that read and write whole matrices: [1024, 1024] inside the feed-forward block, [1024, 256] elsewhere. */
public class RowBenchmark extends KernelBenchmark {
    private static final float EPSILON = 1e-5f;
    private static final int WIDE = 1024;

    @Param({
        "layer-norm",
        "layer-norm-backward",
        "layer-norm-weight-gradient",
        "rms-norm",
        "rms-norm-backward",
        "gelu",
        "gelu-backward",
        "gated-silu",
        "gated-silu-backward",
        "softmax",
        "add-bias",
        "sum-rows",
        "add"
    })
    private String kernel;

    private Bench bench;
    private Consumer<Backend> call;
    private KernelProfile.Work work;

    @Setup(Level.Trial)
    public void prepare() {
        bench = new Bench(backend);
        call = calls().get(kernel);
        work = bench.work(call);
    }

    private Map<String, Consumer<Backend>> calls() {
        Tensor x = bench.random(ROWS, COLUMNS);
        Tensor y = bench.random(ROWS, COLUMNS);
        Tensor z = bench.random(ROWS, COLUMNS);
        Tensor row = bench.random(1, COLUMNS);
        Tensor other = bench.random(1, COLUMNS);
        Tensor two = bench.random(ROWS, 2);
        Tensor one = bench.random(ROWS, 1);
        Tensor u = bench.random(ROWS, WIDE);
        Tensor v = bench.random(ROWS, WIDE);
        Tensor w = bench.random(ROWS, WIDE);
        Tensor g = bench.random(ROWS, WIDE);
        Tensor h = bench.random(ROWS, WIDE);
        return Map.ofEntries(
                Map.entry("layer-norm", b -> b.layerNorm(x, row, other, EPSILON, two, y)),
                Map.entry("layer-norm-backward", b -> b.layerNormBackward(x, row, two, y, z)),
                Map.entry("layer-norm-weight-gradient", b -> b.layerNormWeightGradient(x, two, y, other)),
                Map.entry("rms-norm", b -> b.rmsNorm(x, row, EPSILON, one, y)),
                Map.entry("rms-norm-backward", b -> b.rmsNormBackward(x, row, one, y, z)),
                Map.entry("gelu", b -> b.activate(Activation.GELU, u, v)),
                Map.entry("gelu-backward", b -> b.activateBackward(Activation.GELU, u, v, w)),
                Map.entry("gated-silu", b -> b.gatedSilu(u, v, w)),
                Map.entry("gated-silu-backward", b -> b.gatedSiluBackward(u, v, w, g, h)),
                Map.entry("softmax", b -> b.softmax(x, y)),
                Map.entry("add-bias", b -> b.addBias(row, y, y)),
                Map.entry("sum-rows", b -> b.sumRows(x, row)),
                Map.entry("add", b -> b.add(1e-9f, x, y)));
    }

    @Benchmark
    public void kernel(Roofline roofline) {
        call.accept(bench.backend());
        roofline.count(work);
    }

    @TearDown
    public void close() {
        bench.close();
    }
}
