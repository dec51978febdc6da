package io.sparkpeft.compute.nd4j;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.Dropout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The non-linearities, in double precision, rounded at the end. */
final class Nd4jActivations {
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);
    private static final double TANH_SCALE = Math.sqrt(2 / Math.PI);
    private static final double CUBE = 0.044715;

    private Nd4jActivations() {}

    static void activate(Activation activation, Nd4jTensor input, Nd4jTensor output) {
        if (!input.isEmpty()) {
            output.assign(value(activation, input.doubles()));
        }
    }

    static void activateBackward(
            Activation activation, Nd4jTensor input, Nd4jTensor outputGradient, Nd4jTensor inputGradient) {
        if (!input.isEmpty()) {
            inputGradient.assign(derivative(activation, input.doubles()).muli(outputGradient.doubles()));
        }
    }

    /** f'(input) in place of the input. */
    static void differentiate(Activation activation, Nd4jTensor input) {
        if (!input.isEmpty()) {
            input.assign(derivative(activation, input.doubles()));
        }
    }

    static void multiply(Nd4jTensor factor, Nd4jTensor target) {
        if (!target.isEmpty()) {
            target.array().muli(factor.array());
        }
    }

    static void gatedSilu(Nd4jTensor gate, Nd4jTensor up, Nd4jTensor output) {
        if (!gate.isEmpty()) {
            output.assign(value(Activation.SILU, gate.doubles()).muli(up.doubles()));
        }
    }

    static void gatedSiluBackward(
            Nd4jTensor gate, Nd4jTensor up, Nd4jTensor outputGradient, Nd4jTensor gateGradient, Nd4jTensor upGradient) {
        if (gate.isEmpty()) {
            return;
        }
        INDArray g = gate.doubles();
        INDArray dy = outputGradient.doubles();
        INDArray forGate = derivative(Activation.SILU, g).muli(dy).muli(up.doubles());
        INDArray forUp = value(Activation.SILU, g).muli(dy);
        gateGradient.assign(forGate);
        upGradient.assign(forUp);
    }

    static void dropout(Dropout dropout, Nd4jTensor target) {
        if (target.isEmpty()) {
            return;
        }
        float[] factors = new float[target.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = dropout.factor(i / target.columns(), i % target.columns());
        }
        target.array().muli(Nd4j.create(factors, new long[] {target.rows(), target.columns()}, 'c'));
    }

    private static INDArray value(Activation activation, INDArray x) {
        return switch (activation) {
            case GELU -> normal(x).muli(x);
            case GELU_TANH -> tanhInner(x).addi(1).muli(0.5).muli(x);
            case SILU -> sigmoid(x).muli(x);
            case RELU -> positive(x).muli(x);
            case TANH -> Transforms.tanh(x, true);
        };
    }

    private static INDArray derivative(Activation activation, INDArray x) {
        return switch (activation) {
            case GELU -> {
                INDArray bell = Transforms.exp(x.mul(x).muli(-0.5), false);
                yield normal(x).addi(bell.muli(DENSITY_AT_ZERO).muli(x));
            }
            case GELU_TANH -> {
                INDArray t = tanhInner(x);
                INDArray slope =
                        x.mul(x).muli(3 * CUBE).addi(1).muli(TANH_SCALE).muli(x);
                yield t.mul(t).rsubi(1).muli(slope).addi(t).addi(1).muli(0.5);
            }
            case SILU -> {
                INDArray s = sigmoid(x);
                yield s.rsub(1).muli(x).addi(1).muli(s);
            }
            case RELU -> positive(x);
            case TANH -> {
                INDArray t = Transforms.tanh(x, true);
                yield t.mul(t).rsubi(1);
            }
        };
    }

    /** Φ(x). */
    private static INDArray normal(INDArray x) {
        return Nd4j.math().erf(x.mul(SQRT_HALF)).addi(1).muli(0.5);
    }

    /** tanh(√(2/π)(x + 0.044715x³)). */
    private static INDArray tanhInner(INDArray x) {
        return Transforms.tanh(x.mul(x).muli(CUBE).addi(1).muli(x).muli(TANH_SCALE), false);
    }

    private static INDArray sigmoid(INDArray x) {
        return Transforms.sigmoid(x, true);
    }

    /** 1 where x is positive, else 0. */
    private static INDArray positive(INDArray x) {
        return x.gt(0).castTo(DataType.DOUBLE);
    }
}
