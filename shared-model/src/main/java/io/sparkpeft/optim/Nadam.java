package io.sparkpeft.optim;

/**
 * Adam with Nesterov's momentum, as DL4J has it, which corrects the bias of the first moment alone. With gradient g, rate η
 * and update number t:
 *
 * <pre>
 *   m ← β1·m + (1 − β1)·g
 *   v ← β2·v + (1 − β2)·g²
 *   θ ← θ − η·(β1·m + (1 − β1)·g)/(1 − β1^t)/(√v + ε)
 * </pre>
 *
 * Weight decay is decoupled: θ ← θ − η·λ·θ before. Dozat 2016, Incorporating Nesterov momentum into Adam.
 */
public final class Nadam implements Optimizer {
    @Override
    public String name() {
        return "nadam";
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
        float correction = (float) (1 - StrictMath.pow(settings.beta1(), count));
        float epsilon = (float) settings.epsilon();
        float[] first = state.first();
        float[] second = state.second();
        for (int i = 0; i < values.length; i++) {
            float g = gradient[i];
            float m = beta1 * first[i] + (1 - beta1) * g;
            float v = beta2 * second[i] + g * g * (1 - beta2);
            first[i] = m;
            second[i] = v;
            float ahead = (m * beta1 + (1 - beta1) * g) / correction;
            values[i] = values[i] * keep - stepSize * ahead / ((float) Math.sqrt(v) + epsilon);
        }
    }
}
