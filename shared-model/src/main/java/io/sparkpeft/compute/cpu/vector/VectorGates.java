package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import jdk.incubator.vector.FloatVector;

/** The SwiGLU product silu(gate)·up and its gradients. */
final class VectorGates {
    private VectorGates() {}

    static void forward(CpuTensor gate, CpuTensor up, CpuTensor output) {
        int rows = CpuTensor.loopRows(gate, up, output);
        int n = gate.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            int g = gate.start(r);
            int u = up.start(r);
            int o = output.start(r);
            int i = 0;
            for (; i < Lanes.bound(n); i += Lanes.COUNT) {
                FloatVector silu = VectorActivations.silu(Lanes.load(gate.memory(), g + i));
                Lanes.store(silu.mul(Lanes.load(up.memory(), u + i)), output.memory(), o + i);
            }
            if (i < n) {
                FloatVector silu = VectorActivations.silu(Lanes.load(gate.memory(), g + i));
                Lanes.storeFirst(silu.mul(Lanes.load(up.memory(), u + i)), n - i, output.memory(), o + i);
            }
        }
    }

    static void backward(
            CpuTensor gate, CpuTensor up, CpuTensor outputGradient, CpuTensor gateGradient, CpuTensor upGradient) {
        int rows = CpuTensor.loopRows(gate, up, outputGradient, gateGradient, upGradient);
        int n = gate.loopColumns(rows);
        Memory gates = gateGradient.memory();
        Memory ups = upGradient.memory();
        for (int r = 0; r < rows; r++) {
            int gg = gateGradient.start(r);
            int ug = upGradient.start(r);
            for (int i = 0; i < n; i += Lanes.COUNT) {
                FloatVector g = Lanes.load(gate.memory(), gate.start(r) + i);
                FloatVector u = Lanes.load(up.memory(), up.start(r) + i);
                FloatVector dy = Lanes.load(outputGradient.memory(), outputGradient.start(r) + i);
                FloatVector gateResult = dy.mul(u).mul(VectorActivations.siluDerivative(g));
                FloatVector upResult = dy.mul(VectorActivations.silu(g));
                if (i + Lanes.COUNT <= n) {
                    Lanes.store(gateResult, gates, gg + i);
                    Lanes.store(upResult, ups, ug + i);
                } else {
                    Lanes.storeFirst(gateResult, n - i, gates, gg + i);
                    Lanes.storeFirst(upResult, n - i, ups, ug + i);
                }
            }
        }
    }
}
