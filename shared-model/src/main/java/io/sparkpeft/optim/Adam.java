package io.sparkpeft.optim;

/**
 * Adam in the order of the end of the paper's section 2, as DL4J has it: ε is added before the bias is corrected, where
 * {@link AdamW} adds it after. With gradient g, rate η and update number t:
 *
 * <pre>
 *   m ← β1·m + (1 − β1)·g
 *   v ← β2·v + (1 − β2)·g²
 *   θ ← θ − η·√(1 − β2^t)/(1 − β1^t) · m/(√v + ε)
 * </pre>
 *
 * Weight decay is decoupled: θ ← θ − η·λ·θ before. Kingma and Ba 2015, arXiv 1412.6980.
 */
public final class Adam implements Optimizer {
    @Override
    public String name() {
        return "adam";
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
        float beta1 = (float) settings.beta1();
        float beta2 = (float) settings.beta2();
        double correction = Math.sqrt(1 - StrictMath.pow(settings.beta2(), count));
        float corrected = (float) (rate * correction / (1 - StrictMath.pow(settings.beta1(), count)));
        float epsilon = (float) settings.epsilon();
        float[] first = state.first();
        float[] second = state.second();
        for (int i = 0; i < values.length; i++) {
            float g = gradient[i];
            float m = beta1 * first[i] + (1 - beta1) * g;
            float v = beta2 * second[i] + g * g * (1 - beta2);
            first[i] = m;
            second[i] = v;
            values[i] = values[i] * keep - corrected * m / ((float) Math.sqrt(v) + epsilon);
        }
    }
}
