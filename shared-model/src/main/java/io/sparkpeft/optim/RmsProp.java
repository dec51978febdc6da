package io.sparkpeft.optim;

/**
 * RMSProp, as DL4J has it. With gradient g, rate η and decay ρ, which is β2 of the settings, and v = ε before the first
 * update:
 *
 * <pre>
 *   v ← ρ·v + (1 − ρ)·g²
 *   θ ← θ − η·g/(√v + ε)
 * </pre>
 *
 * Weight decay is decoupled: θ ← θ − η·λ·θ before. The first moment stays 0. Tieleman and Hinton 2012, lecture 6.5.
 */
public final class RmsProp implements Optimizer {
    @Override
    public String name() {
        return "rmsprop";
    }

    @Override
    public boolean usesMoments() {
        return true;
    }

    @Override
    public void step(
            float[] values,
            float[] gradient,
            OptimizerState state,
            OptimizerSettings settings,
            double rate,
            long count) {
        float keep = (float) (1 - rate * settings.weightDecay());
        float stepSize = (float) rate;
        float decay = (float) settings.beta2();
        float epsilon = (float) settings.epsilon();
        float[] squares = state.second();
        for (int i = 0; i < values.length; i++) {
            float g = gradient[i];
            float before = count == 1 ? epsilon : squares[i];
            float v = before * decay + g * g * (1 - decay);
            squares[i] = v;
            values[i] = values[i] * keep - stepSize * g / ((float) Math.sqrt(v) + epsilon);
        }
    }
}
