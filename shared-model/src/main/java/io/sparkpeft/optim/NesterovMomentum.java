package io.sparkpeft.optim;

/**
 * Gradient descent with Nesterov's momentum, as DL4J's Nesterovs has it. With gradient g, rate η and momentum μ, which is
 * β1 of the settings:
 *
 * <pre>
 *   w ← μ·v − η·g
 *   θ ← θ + (1 + μ)·w − μ·v;   v ← w
 * </pre>
 *
 * Weight decay is decoupled: θ ← θ − η·λ·θ before. The velocity is the first moment; the second stays 0. Sutskever et al.
 * 2013, On the importance of initialization and momentum in deep learning; Bengio et al. 2012, arXiv 1212.0901.
 */
public final class NesterovMomentum implements Optimizer {
    @Override
    public String name() {
        return "nesterov";
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
        float momentum = (float) settings.beta1();
        float[] velocity = state.first();
        for (int i = 0; i < values.length; i++) {
            float carried = momentum * velocity[i];
            float next = carried - stepSize * gradient[i];
            velocity[i] = next;
            values[i] = values[i] * keep - (carried + (-momentum - 1) * next);
        }
    }
}
