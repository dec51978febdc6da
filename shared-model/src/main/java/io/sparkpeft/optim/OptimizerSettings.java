package io.sparkpeft.optim;

import java.io.Serializable;

/**
 * What an optimiser is told besides gradient and learning rate.
 *
 * @param name of the optimiser
 * @param beta1 decay of the first moment, or momentum, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the denominator, above 0
 * @param weightDecay decoupled decay of the tuned weights, 0 for none
 */
public record OptimizerSettings(String name, double beta1, double beta2, double epsilon, double weightDecay)
        implements Serializable {

    public OptimizerSettings {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException(
                    "Invalid optimiser settings: betas %s and %s must be in [0, 1)".formatted(beta1, beta2));
        }
        if (!(epsilon > 0) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException(
                    "Invalid optimiser settings: epsilon %s must be above 0 and weight decay %s not below"
                            .formatted(epsilon, weightDecay));
        }
    }

    /** AdamW with PyTorch's defaults but no decay. */
    public static OptimizerSettings adamW() {
        return new OptimizerSettings("adamw", 0.9, 0.999, 1e-8, 0);
    }

    /** Plain gradient descent. */
    public static OptimizerSettings sgd() {
        return new OptimizerSettings("sgd", 0.9, 0.999, 1e-8, 0);
    }
}
