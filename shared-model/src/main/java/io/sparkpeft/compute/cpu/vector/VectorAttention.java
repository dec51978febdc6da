package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.kernel.ScoreBlock;
import io.sparkpeft.compute.cpu.vector.lane.Exponential;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax, dropout and their gradients over the scores of one head of one sequence, a row at a time. */
final class VectorAttention {
    private VectorAttention() {}

    static void forward(ScoreBlock block) {
        Memory p = block.probabilities().memory();
        int length = block.length();
        for (int i = 0; i < block.rows(); i++) {
            int start = block.probabilities().start() + i * length;
            int n = block.visible(i);
            float sum = exponentials(p, start, n, block.scale());
            VectorSoftmax.scale(p, start, n, 1f / sum);
            VectorSoftmax.clear(p, start + n, length - n);
        }
        if (block.dropout().isActive()) {
            drop(block);
        }
    }

    static void backward(ScoreBlock block) {
        if (block.dropout().isActive()) {
            drop(block);
        }
        Memory weights = block.dropped().memory();
        Memory gradients = block.gradients().memory();
        int length = block.length();
        for (int i = 0; i < block.rows(); i++) {
            int n = block.visible(i);
            int p = block.probabilities().start() + i * length;
            int w = block.dropped().start() + i * length;
            int g = block.gradients().start() + i * length;
            // Σ_j P·f·dP̃ is Σ_j P̃·dP̃, whether there is a dropout or not.
            float dot = dot(weights, w, gradients, g, n);
            scoreGradients(block, p, w, g, n, dot);
            VectorSoftmax.clear(gradients, g + n, length - n);
        }
    }

    /** exp(scale·(score − largest score)) in place; returns the sum. */
    private static float exponentials(Memory p, int start, int n, float scale) {
        FloatVector largest = Lanes.broadcast(VectorSoftmax.largest(p, start, n) * -scale);
        FloatVector factor = Lanes.broadcast(scale);
        FloatVector sums = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector e = Exponential.exp(Lanes.load(p, start + i).fma(factor, largest));
            sums = sums.add(Lanes.first(e, n - i, Lanes.ZERO));
            Lanes.store(e, n - i, p, start + i);
        }
        return sums.reduceLanes(VectorOperators.ADD);
    }

    /** Probabilities times dropout factors, for the keys that each query sees; 0 for the others. */
    private static void drop(ScoreBlock block) {
        VectorDropout factors = new VectorDropout(block.dropout());
        Memory from = block.probabilities().memory();
        Memory to = block.dropped().memory();
        int column = block.firstColumn();
        int length = block.length();
        for (int row = 0; row < block.rows(); row++) {
            int n = block.visible(row);
            int p = block.probabilities().start() + row * length;
            int d = block.dropped().start() + row * length;
            int seed = factors.seed(block.rowKey(row));
            for (int i = 0; i < n; i += Lanes.COUNT) {
                FloatVector last = Lanes.load(from, p + i).mul(factors.at(seed, column + i));
                Lanes.store(last, n - i, to, d + i);
            }
            VectorSoftmax.clear(to, d + n, length - n);
        }
    }

    private static float dot(Memory left, int a, Memory right, int b, int n) {
        FloatVector sums = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector product = Lanes.load(left, a + i).mul(Lanes.load(right, b + i));
            sums = sums.add(Lanes.first(product, n - i, Lanes.ZERO));
        }
        return sums.reduceLanes(VectorOperators.ADD);
    }

    /** scale·(P̃·dP̃ − P·dot) in place of dP̃, in the row that starts at these places. */
    private static void scoreGradients(ScoreBlock block, int p, int w, int g, int n, float dot) {
        Memory probabilities = block.probabilities().memory();
        Memory weights = block.dropped().memory();
        Memory gradients = block.gradients().memory();
        FloatVector minusDot = Lanes.broadcast(-dot);
        FloatVector scales = Lanes.broadcast(block.scale());
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector weighted = Lanes.load(weights, w + i).mul(Lanes.load(gradients, g + i));
            FloatVector result =
                    Lanes.load(probabilities, p + i).fma(minusDot, weighted).mul(scales);
            Lanes.store(result, n - i, gradients, g + i);
        }
    }
}
