package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.kernel.ScoreBlock;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax, dropout and their gradients over the scores of one head of one sequence, a row at a time. */
final class VectorAttention {
    private final ScoreBlock block;
    private final CpuTensor probabilities;
    private final CpuTensor dropped;
    private final VectorDropout factors;

    VectorAttention(ScoreBlock block, CpuTensor probabilities, CpuTensor dropped) {
        this.block = block;
        this.probabilities = probabilities;
        this.dropped = dropped;
        this.factors = new VectorDropout(block.dropout());
    }

    void forward() {
        Memory p = probabilities.memory();
        boolean drops = block.dropout().isActive();
        float scale = block.scale();
        for (int i = 0; i < block.length(); i++) {
            int start = probabilities.start(i);
            int n = block.visible(i);
            float sum = exponentials(p, start, n, scale);
            VectorSoftmax.scale(p, start, n, 1f / sum);
            VectorSoftmax.clear(p, start + n, block.length() - n);
            if (drops) {
                drop(i, n);
            }
        }
    }

    void backward(CpuTensor gradients) {
        boolean drops = block.dropout().isActive();
        float scale = block.scale();
        for (int i = 0; i < block.length(); i++) {
            int n = block.visible(i);
            if (drops) {
                drop(i, n);
            }
            // Σ_j P·f·dP̃ is Σ_j P̃·dP̃, whether there is a dropout or not.
            CpuTensor weights = drops ? dropped : probabilities;
            float dot = dot(weights, gradients, i, n);
            scoreGradients(weights, gradients, i, dot, scale);
            VectorSoftmax.clear(gradients.memory(), gradients.start(i) + n, block.length() - n);
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

    /** Probabilities times dropout factors, for the keys that the query at a position sees; 0 for the others. */
    private void drop(int position, int n) {
        Memory from = probabilities.memory();
        Memory to = dropped.memory();
        int p = probabilities.start(position);
        int d = dropped.start(position);
        int seed = factors.seed(block.rowKey(position));
        int column = block.firstColumn();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector last = Lanes.load(from, p + i).mul(factors.at(seed, column + i));
            Lanes.store(last, n - i, to, d + i);
        }
        VectorSoftmax.clear(to, d + n, block.length() - n);
    }

    private static float dot(CpuTensor left, CpuTensor right, int row, int n) {
        int a = left.start(row);
        int b = right.start(row);
        FloatVector sums = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector product = Lanes.load(left.memory(), a + i).mul(Lanes.load(right.memory(), b + i));
            sums = sums.add(Lanes.first(product, n - i, Lanes.ZERO));
        }
        return sums.reduceLanes(VectorOperators.ADD);
    }

    /** scale·(P̃·dP̃ − P·dot) in place of dP̃. */
    private void scoreGradients(CpuTensor weights, CpuTensor gradients, int row, float dot, float scale) {
        Memory p = probabilities.memory();
        Memory g = gradients.memory();
        int n = block.visible(row);
        int ps = probabilities.start(row);
        int ws = weights.start(row);
        int gs = gradients.start(row);
        FloatVector minusDot = Lanes.broadcast(-dot);
        FloatVector scales = Lanes.broadcast(scale);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector weighted = Lanes.load(weights.memory(), ws + i).mul(Lanes.load(g, gs + i));
            FloatVector result = Lanes.load(p, ps + i).fma(minusDot, weighted).mul(scales);
            Lanes.store(result, n - i, g, gs + i);
        }
    }
}
