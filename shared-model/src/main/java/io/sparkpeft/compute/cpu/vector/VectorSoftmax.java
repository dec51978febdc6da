package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Exponential;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax and cross-entropy, a row at a time. */
final class VectorSoftmax {
    private static final FloatVector LOWEST = Lanes.broadcast(Float.NEGATIVE_INFINITY);

    private VectorSoftmax() {}

    static void softmax(CpuTensor logits, CpuTensor output) {
        int n = logits.columns();
        for (int r = 0; r < logits.rows(); r++) {
            float largest = largest(logits.memory(), logits.start(r), n);
            float sum = exponentials(logits.memory(), logits.start(r), n, largest, output.memory(), output.start(r));
            scale(output.memory(), output.start(r), n, 1f / sum);
        }
    }

    static void crossEntropy(CpuTensor logits, int[] labels, float[] rowScale, float[] losses, CpuTensor gradient) {
        int n = logits.columns();
        Memory x = logits.memory();
        Memory g = gradient.memory();
        for (int r = 0; r < logits.rows(); r++) {
            int to = gradient.start(r);
            if (labels[r] < 0) {
                losses[r] = 0f;
                clear(g, to, n);
                continue;
            }
            float wanted = logits.value(r, labels[r]);
            float largest = largest(x, logits.start(r), n);
            float sum = exponentials(x, logits.start(r), n, largest, g, to);
            losses[r] = (float) (Math.log(sum) + ((double) largest - wanted));
            scale(g, to, n, rowScale[r] / sum);
            gradient.set(r, labels[r], gradient.value(r, labels[r]) - rowScale[r]);
        }
    }

    static void losses(CpuTensor logits, int[] labels, float[] losses) {
        int n = logits.columns();
        for (int r = 0; r < logits.rows(); r++) {
            if (labels[r] < 0) {
                losses[r] = 0f;
                continue;
            }
            float largest = largest(logits.memory(), logits.start(r), n);
            float sum = sumOfExponentials(logits.memory(), logits.start(r), n, largest);
            losses[r] = (float) (Math.log(sum) + ((double) largest - logits.value(r, labels[r])));
        }
    }

    static float largest(Memory x, int from, int n) {
        FloatVector largest = Lanes.broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            largest = largest.max(Lanes.first(Lanes.load(x, from + i), n - i, LOWEST));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    /** Writes exp(x − largest) and returns the sum. */
    private static float exponentials(Memory x, int from, int n, float largest, Memory output, int to) {
        FloatVector highest = Lanes.broadcast(largest);
        FloatVector sums = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector e = Exponential.exp(Lanes.load(x, from + i).sub(highest));
            sums = sums.add(Lanes.first(e, n - i, Lanes.ZERO));
            Lanes.store(e, n - i, output, to + i);
        }
        return sums.reduceLanes(VectorOperators.ADD);
    }

    private static float sumOfExponentials(Memory x, int from, int n, float largest) {
        FloatVector highest = Lanes.broadcast(largest);
        FloatVector sums = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector e = Exponential.exp(Lanes.load(x, from + i).sub(highest));
            sums = sums.add(Lanes.first(e, n - i, Lanes.ZERO));
        }
        return sums.reduceLanes(VectorOperators.ADD);
    }

    static void scale(Memory x, int from, int n, float factor) {
        FloatVector factors = Lanes.broadcast(factor);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            Lanes.store(Lanes.load(x, from + i).mul(factors), n - i, x, from + i);
        }
    }

    static void clear(Memory x, int from, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            Lanes.store(Lanes.ZERO, n - i, x, from + i);
        }
    }
}
