package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
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

    /** Σ_rows dy·(x − mean)·scale, added up row by row in the target, which stays in the first cache. */
    static void weight(CpuTensor input, CpuTensor statistics, CpuTensor outputGradient, CpuTensor weightGradient) {
        boolean centred = statistics.columns() == 2;
        VectorSums.fill(weightGradient, 0f);
        for (int r = 0; r < input.rows(); r++) {
            float mean = centred ? statistics.value(r, 0) : 0f;
            float scale = statistics.value(r, centred ? 1 : 0);
            addNormalised(input, r, mean, scale, outputGradient, weightGradient);
        }
    }

    private static void addNormalised(
            CpuTensor input, int r, float mean, float scale, CpuTensor outputGradient, CpuTensor target) {
        Memory x = input.memory();
        Memory dy = outputGradient.memory();
        int xs = input.start(r);
        int dys = outputGradient.start(r);
        int to = target.start(0);
        int n = input.columns();
        FloatVector means = Lanes.broadcast(mean);
        FloatVector scales = Lanes.broadcast(scale);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector normalised = Lanes.load(x, xs + i).sub(means).mul(scales);
            FloatVector sum = normalised.fma(Lanes.load(dy, dys + i), Lanes.load(target.memory(), to + i));
            Lanes.store(sum, n - i, target.memory(), to + i);
        }
    }
}
