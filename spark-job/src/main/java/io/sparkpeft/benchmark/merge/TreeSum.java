package io.sparkpeft.benchmark.merge;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.train.LocalUpdate;
import java.util.stream.IntStream;

/** The weighted sum of updates by Spark's treeAggregate, as a program that knows nothing of slices would make it. */
final class TreeSum {
    private static final int DEPTH = 2;

    private TreeSum() {}

    /** How much is added. */
    record Size(int shards, int weights) {}

    static double[] of(Cluster cluster, Size size, SampleUpdate task) {
        int vectors = task.moments() ? 3 : 1;
        int length = Math.multiplyExact(vectors, size.weights());
        return cluster.context()
                .parallelize(IntStream.range(0, size.shards()).boxed().toList(), size.shards())
                .treeAggregate(
                        new double[0], (sum, shard) -> add(length, sum, task.update(shard)), TreeSum::add, DEPTH);
    }

    private static double[] add(int length, double[] sum, LocalUpdate update) {
        double[] all = sum.length == 0 ? new double[length] : sum;
        double weight = update.tally().examples();
        add(all, 0, weight, update.values());
        OptimizerState moments = update.moments();
        if (!moments.isNone()) {
            add(all, update.values().length, weight, moments.first());
            add(all, 2 * update.values().length, weight, moments.second());
        }
        return all;
    }

    private static void add(double[] sum, int from, double weight, float[] values) {
        for (int i = 0; i < values.length; i++) {
            sum[from + i] += weight * values[i];
        }
    }

    private static double[] add(double[] one, double[] other) {
        if (one.length == 0 || other.length == 0) {
            return one.length == 0 ? other : one;
        }
        for (int i = 0; i < one.length; i++) {
            one[i] += other[i];
        }
        return one;
    }
}
