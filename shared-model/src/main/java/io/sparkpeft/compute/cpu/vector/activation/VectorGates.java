package io.sparkpeft.compute.cpu.vector.activation;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Exponential;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/** The SwiGLU product silu(gate)·up and its gradients. */
public final class VectorGates {
    private VectorGates() {}

    public static void forward(CpuTensor gate, CpuTensor up, CpuTensor output) {
        int rows = CpuTensor.loopRows(gate, up, output);
        int n = gate.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            int g = gate.start(r);
            int u = up.start(r);
            int o = output.start(r);
            for (int i = 0; i < n; i += Lanes.COUNT) {
                FloatVector silu = VectorFunctions.silu(Lanes.load(gate.memory(), g + i));
                Lanes.store(silu.mul(Lanes.load(up.memory(), u + i)), n - i, output.memory(), o + i);
            }
        }
    }

    public static void backward(
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
                FloatVector sigmoid = Exponential.sigmoid(g);
                FloatVector silu = g.mul(sigmoid);
                FloatVector derivative =
                        silu.mul(Lanes.broadcast(1f).sub(sigmoid)).add(sigmoid);
                Lanes.store(dy.mul(u).mul(derivative), n - i, gates, gg + i);
                Lanes.store(dy.mul(silu), n - i, ups, ug + i);
            }
        }
    }
}
