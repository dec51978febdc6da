package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Layer and root-mean-square normalisation, a row at a time while it lies in the first cache. */
final class VectorNorms {
    private VectorNorms() {}

    static void layerNorm(
            CpuTensor input, CpuTensor weight, CpuTensor bias, float epsilon, CpuTensor statistics, CpuTensor output) {
        int n = input.columns();
        for (int r = 0; r < input.rows(); r++) {
            float mean = sum(input.memory(), input.start(r), n) / n;
            float variance = squares(input.memory(), input.start(r), n, mean) / n;
            float scale = (float) (1 / Math.sqrt((double) variance + epsilon));
            statistics.set(r, 0, mean);
            statistics.set(r, 1, scale);
            normalise(input, r, mean, scale, weight, bias, output);
        }
    }

    private static void normalise(
            CpuTensor input, int r, float mean, float scale, CpuTensor weight, CpuTensor bias, CpuTensor output) {
        Memory x = input.memory();
        int from = input.start(r);
        int to = output.start(r);
        int w = weight.start(0);
        int b = bias.start(0);
        int n = input.columns();
        FloatVector means = Lanes.broadcast(mean);
        FloatVector scales = Lanes.broadcast(scale);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector y = Lanes.load(x, from + i)
                    .sub(means)
                    .mul(scales)
                    .fma(Lanes.load(weight.memory(), w + i), Lanes.load(bias.memory(), b + i));
            Lanes.store(y, n - i, output.memory(), to + i);
        }
    }

    static void rmsNorm(CpuTensor input, CpuTensor weight, float epsilon, CpuTensor statistics, CpuTensor output) {
        int n = input.columns();
        for (int r = 0; r < input.rows(); r++) {
            int from = input.start(r);
            int to = output.start(r);
            float scale = (float) (1 / Math.sqrt((double) squares(input.memory(), from, n, 0f) / n + epsilon));
            statistics.set(r, 0, scale);
            FloatVector scales = Lanes.broadcast(scale);
            for (int i = 0; i < n; i += Lanes.COUNT) {
                FloatVector y = Lanes.load(input.memory(), from + i)
                        .mul(scales)
                        .mul(Lanes.load(weight.memory(), weight.start(0) + i));
                Lanes.store(y, n - i, output.memory(), to + i);
            }
        }
    }

    private static float sum(Memory x, int from, int n) {
        FloatVector even = Lanes.zero();
        FloatVector odd = Lanes.zero();
        int i = 0;
        for (; i <= n - 2 * Lanes.COUNT; i += 2 * Lanes.COUNT) {
            even = even.add(Lanes.load(x, from + i));
            odd = odd.add(Lanes.load(x, from + i + Lanes.COUNT));
        }
        for (; i < n; i += Lanes.COUNT) {
            FloatVector v = Lanes.load(x, from + i);
            even = even.add(Lanes.first(v, n - i, Lanes.ZERO));
        }
        return even.add(odd).reduceLanes(VectorOperators.ADD);
    }

    private static float squares(Memory x, int from, int n, float mean) {
        FloatVector means = Lanes.broadcast(mean);
        FloatVector even = Lanes.zero();
        FloatVector odd = Lanes.zero();
        int i = 0;
        for (; i <= n - 2 * Lanes.COUNT; i += 2 * Lanes.COUNT) {
            FloatVector a = Lanes.load(x, from + i).sub(means);
            FloatVector b = Lanes.load(x, from + i + Lanes.COUNT).sub(means);
            even = a.fma(a, even);
            odd = b.fma(b, odd);
        }
        for (; i < n; i += Lanes.COUNT) {
            FloatVector v = Lanes.load(x, from + i).sub(means);
            FloatVector a = Lanes.first(v, n - i, Lanes.ZERO);
            even = a.fma(a, even);
        }
        return even.add(odd).reduceLanes(VectorOperators.ADD);
    }
}
