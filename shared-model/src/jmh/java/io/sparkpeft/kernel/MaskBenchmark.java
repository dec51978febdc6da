package io.sparkpeft.kernel;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.profile.KernelProfile;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Gathering the gradient of k of 2²² weights, and writing k weights back. */
public class MaskBenchmark extends KernelBenchmark {
    private static final int SIZE = 1 << 22;

    @Param({"40000", "400000"})
    private int chosen;

    private Bench bench;
    private int[] indices;
    private float[] vector;
    private Tensor tensor;
    private KernelProfile.Work gathering;
    private KernelProfile.Work scattering;

    @Setup(Level.Trial)
    public void prepare() {
        bench = new Bench(backend);
        indices = Bench.indices(chosen, SIZE);
        vector = Bench.values(chosen, 3);
        tensor = bench.random(SIZE / ROWS, ROWS);
        gathering = bench.work(counted -> counted.addGathered(tensor, indices, vector, 0));
        scattering = bench.work(counted -> counted.scatter(vector, 0, indices, tensor));
    }

    @Benchmark
    public float[] gather(Roofline roofline) {
        bench.backend().addGathered(tensor, indices, vector, 0);
        roofline.count(gathering);
        return vector;
    }

    @Benchmark
    public void scatter(Roofline roofline) {
        bench.backend().scatter(vector, 0, indices, tensor);
        roofline.count(scattering);
    }

    @TearDown
    public void close() {
        bench.close();
    }
}
