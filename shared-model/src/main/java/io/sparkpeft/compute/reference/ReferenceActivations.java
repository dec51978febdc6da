package io.sparkpeft.compute.reference;

import io.sparkpeft.compute.argument.Activation;

/** The non-linearities and their derivatives in double precision. */
final class ReferenceActivations {
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);
    private static final double TANH_SCALE = Math.sqrt(2 / Math.PI);
    private static final double CUBE = 0.044715;

    private ReferenceActivations() {}

    static double value(Activation activation, double x) {
        return switch (activation) {
            case GELU -> x * normal(x);
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(TANH_SCALE * (x + CUBE * x * x * x)));
            case SILU -> x * sigmoid(x);
            case RELU -> Math.max(0, x);
            case TANH -> Math.tanh(x);
        };
    }

    static double derivative(Activation activation, double x) {
        return switch (activation) {
            case GELU -> normal(x) + x * DENSITY_AT_ZERO * Math.exp(-0.5 * x * x);
            case GELU_TANH -> {
                double t = Math.tanh(TANH_SCALE * (x + CUBE * x * x * x));
                yield 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * TANH_SCALE * (1 + 3 * CUBE * x * x);
            }
            case SILU -> sigmoid(x) * (1 + x * (1 - sigmoid(x)));
            case RELU -> x > 0 ? 1 : 0;
            case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
        };
    }

    static void differentiate(Activation activation, ReferenceTensor input) {
        for (int r = 0; r < input.rows(); r++) {
            for (int c = 0; c < input.columns(); c++) {
                input.set(r, c, derivative(activation, input.get(r, c)));
            }
        }
    }

    static void multiply(ReferenceTensor factor, ReferenceTensor target) {
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                target.set(r, c, factor.get(r, c) * target.get(r, c));
            }
        }
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** The normal distribution function Φ. */
    private static double normal(double x) {
        return 0.5 * (1 + erf(x * SQRT_HALF));
    }

    /**
     * The error function by 2/√π·e^(−x²)·Σ 2ⁿx^(2n+1)/(1·3·…·(2n+1)), whose terms all have one sign (Abramowitz and
     * Stegun 7.1.6); beyond 6 it is ±1 to the last bit.
     */
    static double erf(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
