package io.sparkpeft.compute.cpu.plain;

import io.sparkpeft.compute.argument.Activation;

/** The non-linearities and their derivatives on single floats, computed in double precision. */
final class PlainMath {
    private static final double DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);
    private static final double TANH_SCALE = Math.sqrt(2 / Math.PI);
    private static final double CUBE = 0.044715;

    private PlainMath() {}

    static float value(Activation activation, float x) {
        return switch (activation) {
            case GELU -> (float) (x * normal(x));
            case GELU_TANH -> (float) (0.5 * x * (1 + Math.tanh(tanhInner(x))));
            case SILU -> (float) (x * sigmoid(x));
            case RELU -> Math.max(0f, x);
            case TANH -> (float) Math.tanh(x);
        };
    }

    static float derivative(Activation activation, float x) {
        return switch (activation) {
            case GELU -> (float) (normal(x) + x * DENSITY_AT_ZERO * Math.exp(-0.5 * x * x));
            case GELU_TANH -> {
                double t = Math.tanh(tanhInner(x));
                yield (float) (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * TANH_SCALE * (1 + 3 * CUBE * x * x));
            }
            case SILU -> siluDerivative(x);
            case RELU -> x > 0 ? 1f : 0f;
            case TANH -> {
                double t = Math.tanh(x);
                yield (float) (1 - t * t);
            }
        };
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static float siluDerivative(double x) {
        double s = sigmoid(x);
        return (float) (s * (1 + x * (1 - s)));
    }

    private static double tanhInner(double x) {
        return TANH_SCALE * (x + CUBE * x * x * x);
    }

    /**
     * Φ(x) from e^(−x²/2) times a polynomial in t = 1/(1 + 0.2316419|x|), the form of Abramowitz and Stegun 26.2.17 with
     * coefficients fitted to the relative error: precise to float.
     */
    private static double normal(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double p = -0.07092945277690887 * t + 0.249862939119339;
        p = p * t - 0.2055615931749344;
        p = p * t + 0.22901824116706848;
        p = p * t + 0.011443836614489555;
        p = p * t + 0.10333385318517685;
        p = p * t + 0.09030146896839142;
        p = p * t + 0.0925307422876358;
        double tail = p * t * Math.exp(-0.5 * x * x);
        return x < 0 ? tail : 1 - tail;
    }
}
