package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Gradients of both normalisations; root-mean-square is the one without a mean. */
final class VectorNormGradients {
    private final CpuTensor input;
    private final CpuTensor weight;
    private final CpuTensor outputGradient;
    private final CpuTensor inputGradient;

    VectorNormGradients(CpuTensor input, CpuTensor weight, CpuTensor outputGradient, CpuTensor inputGradient) {
        this.input = input;
        this.weight = weight;
        this.outputGradient = outputGradient;
        this.inputGradient = inputGradient;
    }

    void layerNorm(CpuTensor statistics) {
        for (int r = 0; r < input.rows(); r++) {
            row(r, statistics.value(r, 0), statistics.value(r, 1), true);
        }
    }

    void rmsNorm(CpuTensor statistics) {
        for (int r = 0; r < input.rows(); r++) {
            row(r, 0f, statistics.value(r, 0), false);
        }
    }

    /** dx = scale·(g − mean(g) − x̂·mean(g·x̂)) with g = dy·weight, x̂ = (x − mean)·scale; no mean(g) if not centred. */
    private void row(int r, float mean, float scale, boolean centred) {
        Memory x = input.memory();
        Memory w = weight.memory();
        Memory dy = outputGradient.memory();
        int xs = input.start(r);
        int ws = weight.start(0);
        int dys = outputGradient.start(r);
        int n = input.columns();
        FloatVector means = Lanes.broadcast(mean);
        FloatVector sums = Lanes.zero();
        FloatVector dots = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector g = Lanes.load(dy, dys + i).mul(Lanes.load(w, ws + i));
            FloatVector difference = Lanes.load(x, xs + i).sub(means);
            sums = sums.add(Lanes.first(g, n - i, Lanes.ZERO));
            dots = dots.add(Lanes.first(g.mul(difference), n - i, Lanes.ZERO));
        }
        float sum = centred ? sums.reduceLanes(VectorOperators.ADD) / n : 0f;
        float dot = dots.reduceLanes(VectorOperators.ADD) / n * scale * scale;
        FloatVector meanGradient = Lanes.broadcast(sum);
        FloatVector minusDot = Lanes.broadcast(-dot);
        FloatVector scales = Lanes.broadcast(scale);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector g = Lanes.load(dy, dys + i).mul(Lanes.load(w, ws + i)).sub(meanGradient);
            FloatVector difference = Lanes.load(x, xs + i).sub(means);
            FloatVector dx = difference.fma(minusDot, g).mul(scales);
            int to = inputGradient.start(r) + i;
            Lanes.store(dx, n - i, inputGradient.memory(), to);
        }
    }

    /** Σ_rows dy·(x − mean)·scale, a few columns at a time so that the sums stay in registers. */
    static void weight(CpuTensor input, CpuTensor statistics, CpuTensor outputGradient, CpuTensor weightGradient) {
        boolean centred = statistics.columns() == 2;
        int n = input.columns();
        int i = 0;
        for (; i <= n - 4 * Lanes.COUNT; i += 4 * Lanes.COUNT) {
            weightOfFour(input, statistics, outputGradient, weightGradient, i);
        }
        for (; i < n; i += Lanes.COUNT) {
            FloatVector sum = Lanes.zero();
            for (int r = 0; r < input.rows(); r++) {
                float mean = centred ? statistics.value(r, 0) : 0f;
                float scale = statistics.value(r, centred ? 1 : 0);
                FloatVector normalised =
                        Lanes.load(input.memory(), input.start(r) + i).sub(mean).mul(scale);
                sum = normalised.fma(Lanes.load(outputGradient.memory(), outputGradient.start(r) + i), sum);
            }
            int to = weightGradient.start(0) + i;
            Lanes.store(sum, n - i, weightGradient.memory(), to);
        }
    }

    /** Four vectors of columns at once, so that a row's cache lines are read one after the other. */
    private static void weightOfFour(
            CpuTensor input, CpuTensor statistics, CpuTensor outputGradient, CpuTensor weightGradient, int column) {
        boolean centred = statistics.columns() == 2;
        Memory x = input.memory();
        Memory dy = outputGradient.memory();
        FloatVector s0 = Lanes.zero();
        FloatVector s1 = Lanes.zero();
        FloatVector s2 = Lanes.zero();
        FloatVector s3 = Lanes.zero();
        for (int r = 0; r < input.rows(); r++) {
            FloatVector mean = Lanes.broadcast(centred ? statistics.value(r, 0) : 0f);
            FloatVector scale = Lanes.broadcast(statistics.value(r, centred ? 1 : 0));
            int from = input.start(r) + column;
            int g = outputGradient.start(r) + column;
            s0 = normalised(x, from, mean, scale).fma(Lanes.load(dy, g), s0);
            s1 = normalised(x, from + Lanes.COUNT, mean, scale).fma(Lanes.load(dy, g + Lanes.COUNT), s1);
            s2 = normalised(x, from + 2 * Lanes.COUNT, mean, scale).fma(Lanes.load(dy, g + 2 * Lanes.COUNT), s2);
            s3 = normalised(x, from + 3 * Lanes.COUNT, mean, scale).fma(Lanes.load(dy, g + 3 * Lanes.COUNT), s3);
        }
        int to = weightGradient.start(0) + column;
        Lanes.store(s0, weightGradient.memory(), to);
        Lanes.store(s1, weightGradient.memory(), to + Lanes.COUNT);
        Lanes.store(s2, weightGradient.memory(), to + 2 * Lanes.COUNT);
        Lanes.store(s3, weightGradient.memory(), to + 3 * Lanes.COUNT);
    }

    private static FloatVector normalised(Memory x, int place, FloatVector mean, FloatVector scale) {
        return Lanes.load(x, place).sub(mean).mul(scale);
    }
}
