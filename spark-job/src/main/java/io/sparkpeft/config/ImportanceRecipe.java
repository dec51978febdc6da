package io.sparkpeft.config;

import io.sparkpeft.config.bind.Range;

/** How weights are scored. */
public record ImportanceRecipe(
        String criterion,
        @Range(min = 1) int examples,
        @Range(min = 1) int batchSize,
        @Range(min = 0) double genericWeight,
        GenericSample generic) {}
