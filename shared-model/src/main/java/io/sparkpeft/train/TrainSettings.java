package io.sparkpeft.train;

import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.schedule.LearningRate;
import java.io.Serializable;

/**
 * How the k-vector is tuned; the same for all shards and rounds of a phase.
 *
 * @param clipNorm largest global norm of the gradient of the tuned weights; 0 for no clipping
 */
public record TrainSettings(LearningRate rate, OptimizerSettings optimizer, double clipNorm) implements Serializable {
    public TrainSettings {
        if (!(clipNorm >= 0)) {
            throw new IllegalArgumentException("Invalid clipping norm: %s".formatted(clipNorm));
        }
    }
}
