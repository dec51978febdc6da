package io.sparkpeft.kernel;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.profile.KernelProfile;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The products of a dense step: rows x outputs x inputs of a linear layer, forward and both gradients. Sizes of 64 and less
 * are those inside attention, of one head and sequence; 1x1x1 does no work, so that its time is the cost of a call.
 */
public class GemmBenchmark extends KernelBenchmark {
    @Param({
        "1024x768x256",
        "1024x256x256",
        "1024x1024x256",
        "1024x256x1024",
        "16x256x256",
        "1024x3072x768",
        "64x64x64",
        "16x16x64",
        "1x1x1"
    })
    private String shape;

    @Param({"forward", "input-gradient", "weight-gradient"})
    private String pass;

    private Bench bench;
    private boolean transposeA;
    private boolean transposeB;
    private Tensor a;
    private Tensor b;
    private Tensor c;
    private KernelProfile.Work work;

    @Setup(Level.Trial)
    public void prepare() {
        bench = new Bench(backend);
        int[] sizes = java.util.Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
        Tensor input = bench.random(sizes[0], sizes[2]);
        Tensor weight = bench.random(sizes[1], sizes[2]);
        Tensor output = bench.random(sizes[0], sizes[1]);
        transposeA = pass.equals("weight-gradient");
        transposeB = pass.equals("forward");
        a = pass.equals("forward") ? input : output;
        b = pass.equals("weight-gradient") ? input : weight;
        c = pass.equals("forward") ? output : pass.equals("input-gradient") ? input : weight;
        work = bench.work(counted -> counted.gemm(transposeA, transposeB, 1f, a, b, 0f, c));
    }

    @Benchmark
    public void gemm(Roofline roofline) {
        bench.backend().gemm(transposeA, transposeB, 1e-3f, a, b, 0f, c);
        roofline.count(work);
    }

    @TearDown
    public void close() {
        bench.close();
    }
}
