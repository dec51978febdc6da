package io.sparkpeft.optim;

/** Gradient descent with decoupled weight decay and no moments: θ ← θ − η·λ·θ − η·g. */
public final class Sgd implements Optimizer {
    @Override
    public String name() {
        return "sgd";
    }

    @Override
    public boolean usesMoments() {
        return false;
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
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] * keep - stepSize * gradient[i];
        }
    }
}
