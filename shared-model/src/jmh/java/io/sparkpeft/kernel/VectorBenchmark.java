package io.sparkpeft.kernel;

import io.sparkpeft.average.AveragingRule;
import io.sparkpeft.average.Contribution;
import io.sparkpeft.average.OrderedMean;
import io.sparkpeft.optim.Optimizer;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Work on the k-vector in ordinary memory: a step of AdamW, 14 operations on 28 bytes a weight, and the ordered mean of 4
 * shards.
 */
public class VectorBenchmark extends KernelBenchmark {
    private static final int SHARDS = 4;

    @Param({"50000", "5000000"})
    private int size;

    private final OptimizerSettings settings = OptimizerSettings.adamW();
    private final Optimizer optimizer = Optimizer.of(settings);
    private final AveragingRule rule = AveragingRule.named("examples");
    private float[] values;
    private float[] gradient;
    private OptimizerState state;
    private List<Contribution> contributions;
    private long count;

    @Setup(Level.Trial)
    public void prepare() {
        values = Bench.values(size, 1);
        gradient = Bench.values(size, 2);
        state = OptimizerState.zeros(size);
        contributions = IntStream.range(0, SHARDS)
                .mapToObj(shard -> new Contribution(shard, 32 + shard, Bench.values(size, 10 + shard)))
                .toList();
        count = 0;
    }

    @Benchmark
    public float[] adamW(Roofline roofline) {
        optimizer.step(values, gradient, state, settings, 1e-6, ++count);
        roofline.count(Roofline.work(14L * size, 28L * size));
        return values;
    }

    /** Reads every shard and writes the mean in double: a subtraction, a product and a sum for each value. */
    @Benchmark
    public double[] orderedMean(Roofline roofline) {
        double[] mean = OrderedMean.change(rule, values, contributions);
        roofline.count(Roofline.work(3L * SHARDS * size, (4L * SHARDS + 4 + 8) * size));
        return mean;
    }
}
