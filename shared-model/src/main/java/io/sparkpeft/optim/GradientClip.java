package io.sparkpeft.optim;

import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;

/**
 * Clipping by global norm: where ‖g‖₂ exceeds the limit c, g ← g·c/(‖g‖₂ + 1e-6), as {@code clip_grad_norm_} of PyTorch
 * does. Pascanu, Mikolov and Bengio 2013, arXiv 1211.5063.
 */
public final class GradientClip {
    private static final double GUARD = 1e-6;

    private GradientClip() {}

    /**
     * Scales the gradient in place where its norm exceeds the limit.
     *
     * @param norm of the gradient
     * @param limit largest norm allowed; 0 for none
     */
    public static void clip(MaskVectors vectors, MaskVector gradient, double norm, double limit) {
        if (limit > 0 && norm + GUARD > limit) {
            vectors.scale((float) (limit / (norm + GUARD)), gradient);
        }
    }
}
