package io.sparkpeft.optim;

/**
 * AdaGrad, as DL4J has it. With gradient g and rate η, and v = ε before the first update:
 *
 * <pre>
 *   v ← v + g²
 *   θ ← θ − η·g/(√v + ε)
 * </pre>
 *
 * Weight decay is decoupled: θ ← θ − η·λ·θ before. The first moment stays 0. Duchi, Hazan and Singer 2011, JMLR 12.
 */
public final class AdaGrad implements Optimizer {
    @Override
    public String name() {
        return "adagrad";
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
        float epsilon = (float) settings.epsilon();
        float[] squares = state.second();
        for (int i = 0; i < values.length; i++) {
            float g = gradient[i];
            float v = (count == 1 ? epsilon : squares[i]) + g * g;
            squares[i] = v;
            values[i] = values[i] * keep - stepSize * g / ((float) Math.sqrt(v) + epsilon);
        }
    }
}
