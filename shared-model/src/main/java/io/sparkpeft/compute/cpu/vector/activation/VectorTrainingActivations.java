package io.sparkpeft.compute.cpu.vector.activation;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Exponential;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import io.sparkpeft.compute.cpu.vector.lane.NormalTail;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * output = f(input) and f'(input) in place of the input. The exponential that a function and its derivative share is
 * computed once; the bits are those of {@link VectorFunctions}.
 */
public final class VectorTrainingActivations {
    private static final FloatVector ONE = Lanes.broadcast(1f);

    private VectorTrainingActivations() {}

    public static void run(Activation activation, CpuTensor input, CpuTensor output) {
        for (int r = 0; r < input.rows(); r++) {
            run(activation, input.memory(), input.start(r), output.memory(), output.start(r), input.columns());
        }
    }

    /** One row: short enough to stay in the first cache where a function takes two loops. */
    private static void run(Activation activation, Memory input, int from, Memory output, int to, int n) {
        int whole = Lanes.whole(n);
        wholeVectors(activation, input, from, output, to, whole);
        if (whole < n) {
            rest(activation, input, from + whole, output, to + whole, n - whole);
        }
    }

    /** The last lanes of a row. Apart, so that the loops stay small enough for the compiler to compile them whole. */
    private static void rest(Activation activation, Memory input, int from, Memory output, int to, int n) {
        VectorActivations.run(activation, input, from, output, to, n);
        VectorActivationGradients.derivative(activation, input, from, n);
    }

    private static void wholeVectors(Activation activation, Memory input, int from, Memory output, int to, int n) {
        switch (activation) {
            case GELU -> gelu(input, from, output, to, n);
            case GELU_TANH -> geluTanh(input, from, output, to, n);
            case SILU -> silu(input, from, output, to, n);
            case RELU, TANH -> rest(activation, input, from, output, to, n);
        }
    }

    private static void gelu(Memory input, int from, Memory output, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector x = Lanes.load(input, from + i);
            FloatVector size = x.abs();
            FloatVector over = NormalTail.overBell(size);
            FloatVector bell = Exponential.bell(x);
            Lanes.store(x.max(Lanes.ZERO).sub(over.mul(bell).mul(size)), output, to + i);
            FloatVector w = VectorFunctions.bellSlope(size, over).mul(bell);
            w = ONE.sub(w).blend(w, x.compare(VectorOperators.LT, Lanes.ZERO));
            Lanes.store(w, input, from + i);
        }
    }

    private static void geluTanh(Memory input, int from, Memory output, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector x = Lanes.load(input, from + i);
            FloatVector square = x.mul(x);
            FloatVector u = VectorFunctions.geluTanhArgument(x, square);
            FloatVector e = Exponential.exp(u.abs().neg());
            FloatVector inverse = ONE.div(e.add(ONE));
            FloatVector smaller = e.mul(inverse);
            FloatVector sigmoid = inverse.blend(smaller, u.compare(VectorOperators.LT, Lanes.ZERO));
            FloatVector slope = VectorFunctions.geluTanhSlope(x, square);
            Lanes.store(x.mul(sigmoid), output, to + i);
            Lanes.store(smaller.mul(inverse).fma(slope, sigmoid), input, from + i);
        }
    }

    private static void silu(Memory input, int from, Memory output, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector x = Lanes.load(input, from + i);
            FloatVector e = Exponential.exp(x.abs().neg());
            FloatVector inverse = ONE.div(e.add(ONE));
            FloatVector smaller = e.mul(inverse);
            FloatVector sigmoid = inverse.blend(smaller, x.compare(VectorOperators.LT, Lanes.ZERO));
            Lanes.store(x.mul(sigmoid), output, to + i);
            Lanes.store(smaller.mul(inverse).fma(x, sigmoid), input, from + i);
        }
    }
}
