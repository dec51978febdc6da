package io.sparkpeft.optim;

import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.argument.AdamFactors;
import java.util.Optional;

/**
 * Adam with decoupled weight decay. With gradient g, rate η, decay λ and update number t:
 *
 * <pre>
 *   θ ← θ − η·λ·θ
 *   m ← β1·m + (1 − β1)·g
 *   v ← β2·v + (1 − β2)·g²
 *   θ ← θ − η/(1 − β1^t) · m / (√v/√(1 − β2^t) + ε)
 * </pre>
 *
 * in the order and the precision (float32) of {@code torch.optim.AdamW}. Kingma and Ba 2015, arXiv 1412.6980; Loshchilov
 * and Hutter 2019, arXiv 1711.05101.
 */
public final class AdamW implements Optimizer {
    @Override
    public String name() {
        return "adamw";
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
        AdamFactors factors = factors(settings, rate, count);
        float keep = factors.keep();
        float beta1 = factors.beta1();
        float beta2 = factors.beta2();
        float rest1 = factors.rest1();
        float rest2 = factors.rest2();
        float stepSize = factors.stepSize();
        float correction = factors.correction();
        float epsilon = factors.epsilon();
        float[] first = state.first();
        float[] second = state.second();
        for (int i = 0; i < values.length; i++) {
            float g = gradient[i];
            float m = first[i] * beta1 + rest1 * g;
            float v = second[i] * beta2 + rest2 * g * g;
            first[i] = m;
            second[i] = v;
            float denominator = (float) Math.sqrt(v) / correction + epsilon;
            values[i] = values[i] * keep - stepSize * m / denominator;
        }
    }

    @Override
    public void step(MaskVectors vectors, StepVectors state, OptimizerSettings settings, double rate, long count) {
        Optional<MaskVectors.AdamKernel> kernel = vectors.adam();
        if (kernel.isPresent()) {
            kernel.get()
                    .step(
                            factors(settings, rate, count),
                            state.values(),
                            state.gradient(),
                            state.first(),
                            state.second());
        } else {
            Optimizer.super.step(vectors, state, settings, rate, count);
        }
    }

    private static AdamFactors factors(OptimizerSettings settings, double rate, long count) {
        return new AdamFactors(
                (float) (1 - rate * settings.weightDecay()),
                (float) settings.beta1(),
                (float) settings.beta2(),
                (float) (1 - settings.beta1()),
                (float) (1 - settings.beta2()),
                (float) (rate / (1 - StrictMath.pow(settings.beta1(), count))),
                (float) Math.sqrt(1 - StrictMath.pow(settings.beta2(), count)),
                (float) settings.epsilon());
    }
}
