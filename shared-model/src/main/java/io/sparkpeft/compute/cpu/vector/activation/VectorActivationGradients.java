package io.sparkpeft.compute.cpu.vector.activation;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/** inputGradient = f'(input)·outputGradient over n consecutive floats, a loop for each function. */
public final class VectorActivationGradients {
    private final Memory input;
    private final Memory outputGradient;
    private final Memory inputGradient;

    private VectorActivationGradients(CpuTensor input, CpuTensor outputGradient, CpuTensor inputGradient) {
        this.input = input.memory();
        this.outputGradient = outputGradient.memory();
        this.inputGradient = inputGradient.memory();
    }

    public static void run(Activation activation, CpuTensor input, CpuTensor outputGradient, CpuTensor inputGradient) {
        VectorActivationGradients loops = new VectorActivationGradients(input, outputGradient, inputGradient);
        int n = input.columns();
        for (int r = 0; r < input.rows(); r++) {
            int x = input.start(r);
            int dy = outputGradient.start(r);
            int dx = inputGradient.start(r);
            switch (activation) {
                case GELU -> loops.gelu(x, dy, dx, n);
                case GELU_TANH -> loops.geluTanh(x, dy, dx, n);
                case SILU -> loops.silu(x, dy, dx, n);
                case RELU -> loops.relu(x, dy, dx, n);
                case TANH -> loops.tanh(x, dy, dx, n);
            }
        }
    }

    private void gelu(int x, int dy, int dx, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector slope = VectorFunctions.geluDerivative(Lanes.load(input, x + i));
            Lanes.store(slope.mul(Lanes.load(outputGradient, dy + i)), n - i, inputGradient, dx + i);
        }
    }

    private void geluTanh(int x, int dy, int dx, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector slope = VectorFunctions.geluTanhDerivative(Lanes.load(input, x + i));
            Lanes.store(slope.mul(Lanes.load(outputGradient, dy + i)), n - i, inputGradient, dx + i);
        }
    }

    private void silu(int x, int dy, int dx, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector slope = VectorFunctions.siluDerivative(Lanes.load(input, x + i));
            Lanes.store(slope.mul(Lanes.load(outputGradient, dy + i)), n - i, inputGradient, dx + i);
        }
    }

    private void relu(int x, int dy, int dx, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector slope = VectorFunctions.reluDerivative(Lanes.load(input, x + i));
            Lanes.store(slope.mul(Lanes.load(outputGradient, dy + i)), n - i, inputGradient, dx + i);
        }
    }

    private void tanh(int x, int dy, int dx, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector slope = VectorFunctions.tanhDerivative(Lanes.load(input, x + i));
            Lanes.store(slope.mul(Lanes.load(outputGradient, dy + i)), n - i, inputGradient, dx + i);
        }
    }

    /** f'(x) in place of x over n consecutive floats. */
    static void derivative(Activation activation, Memory x, int from, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            derivativeOfVector(activation, x, from + i, n - i);
        }
    }

    private static void derivativeOfVector(Activation activation, Memory memory, int place, int n) {
        FloatVector x = Lanes.load(memory, place);
        switch (activation) {
            case GELU -> Lanes.store(VectorFunctions.geluDerivative(x), n, memory, place);
            case GELU_TANH -> Lanes.store(VectorFunctions.geluTanhDerivative(x), n, memory, place);
            case SILU -> Lanes.store(VectorFunctions.siluDerivative(x), n, memory, place);
            case RELU -> Lanes.store(VectorFunctions.reluDerivative(x), n, memory, place);
            case TANH -> Lanes.store(VectorFunctions.tanhDerivative(x), n, memory, place);
        }
    }
}
