package io.sparkpeft.config;

import io.sparkpeft.config.bind.Range;
import io.sparkpeft.config.choice.MaskScope;
import io.sparkpeft.config.choice.TunedTensors;
import io.sparkpeft.mask.Granularity;

/** Which weights are tuned. */
public record UpdateRecipe(
        @Range(min = 0, max = 1, minAllowed = false) double density,
        String criterion,
        TunedTensors tensors,
        Granularity granularity,
        MaskScope scope,
        @Range(min = 0, max = 1) double minDensity,
        @Range(min = 0, max = 1) double maxDensity) {

    /** Whether all weights that pruning left are tuned. */
    public boolean isAllThatRemains() {
        return density == 1;
    }
}
