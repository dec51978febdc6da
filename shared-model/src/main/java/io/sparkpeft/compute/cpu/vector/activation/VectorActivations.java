package io.sparkpeft.compute.cpu.vector.activation;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/**
 * output = f(input). Every loop is written out, one for each function: a loop shared by several functions would call
 * them through a pointer, and vectors would be boxed. A loop takes a row, though there may be no gaps between rows: what
 * is entered often is compiled early, and until then every vector is an object.
 */
public final class VectorActivations {
    private VectorActivations() {}

    public static void run(Activation activation, CpuTensor input, CpuTensor output) {
        for (int r = 0; r < input.rows(); r++) {
            run(activation, input.memory(), input.start(r), output.memory(), output.start(r), input.columns());
        }
    }

    public static void run(Activation activation, Memory input, int from, Memory output, int to, int n) {
        switch (activation) {
            case GELU -> gelu(input, from, output, to, n);
            case GELU_TANH -> geluTanh(input, from, output, to, n);
            case SILU -> silu(input, from, output, to, n);
            case RELU -> relu(input, from, output, to, n);
            case TANH -> tanh(input, from, output, to, n);
        }
    }

    private static void gelu(Memory input, int from, Memory output, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector y = VectorFunctions.gelu(Lanes.load(input, from + i));
            Lanes.store(y, n - i, output, to + i);
        }
    }

    private static void geluTanh(Memory input, int from, Memory output, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector y = VectorFunctions.geluTanh(Lanes.load(input, from + i));
            Lanes.store(y, n - i, output, to + i);
        }
    }

    private static void silu(Memory input, int from, Memory output, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector y = VectorFunctions.silu(Lanes.load(input, from + i));
            Lanes.store(y, n - i, output, to + i);
        }
    }

    private static void relu(Memory input, int from, Memory output, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector y = VectorFunctions.relu(Lanes.load(input, from + i));
            Lanes.store(y, n - i, output, to + i);
        }
    }

    private static void tanh(Memory input, int from, Memory output, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            Lanes.store(VectorFunctions.tanh(Lanes.load(input, from + i)), n - i, output, to + i);
        }
    }
}
