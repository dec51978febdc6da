package io.sparkpeft.optim;

/**
 * Adam by the infinity norm, as DL4J has it. With gradient g, rate η and update number t:
 *
 * <pre>
 *   m ← β1·m + (1 − β1)·g
 *   u ← max(β2·u, abs(g)) + 1e-32
 *   θ ← θ − η/(1 − β1^t)·m/u
 * </pre>
 *
 * Weight decay is decoupled: θ ← θ − η·λ·θ before. Kingma and Ba 2015, arXiv 1412.6980, section 7.1.
 */
public final class AdaMax implements Optimizer {
    /** Lets a weight without a gradient stay. */
    private static final float SMALLEST = 1e-32f;

    @Override
    public String name() {
        return "adamax";
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
        float beta1 = (float) settings.beta1();
        float beta2 = (float) settings.beta2();
        float corrected = stepSize / (float) (1 - StrictMath.pow(settings.beta1(), count));
        float[] first = state.first();
        float[] norm = state.second();
        for (int i = 0; i < values.length; i++) {
            float g = gradient[i];
            float m = beta1 * first[i] + (1 - beta1) * g;
            float u = Math.max(beta2 * norm[i], Math.abs(g)) + SMALLEST;
            first[i] = m;
            norm[i] = u;
            values[i] = values[i] * keep - corrected * m / u;
        }
    }
}
