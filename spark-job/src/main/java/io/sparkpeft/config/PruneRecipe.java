package io.sparkpeft.config;

import io.sparkpeft.config.bind.Range;
import io.sparkpeft.config.choice.MaskScope;

/** Which weights are set to 0. */
public record PruneRecipe(
        @Range(min = 0, max = 1, maxAllowed = false) double sparsity,
        String criterion,
        MaskScope scope,
        @Range(min = 0, max = 1) double minDensity,
        @Range(min = 0, max = 1) double maxDensity,
        Schedule schedule,
        @Range(min = 1, max = 1000) int phases) {

    /** How sparsity grows over the phases. */
    public enum Schedule {
        /** All at once in the first phase. */
        ONE_SHOT,
        /** Fast at first, then slower (Zhu and Gupta 2017). */
        CUBIC
    }

    public boolean isOff() {
        return sparsity == 0;
    }
}
