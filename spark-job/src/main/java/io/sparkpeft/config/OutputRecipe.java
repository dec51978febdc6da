package io.sparkpeft.config;

import io.sparkpeft.config.bind.Range;

/** What a run leaves behind, and where. */
public record OutputRecipe(
        String directory,
        AdapterValues adapterValues,
        @Range(min = 1, max = 1000) int keepCheckpoints,
        boolean exportModel,
        boolean profile,
        @Range(min = 0, max = 10_000) double wattsPerCore) {

    /** How the adapter stores its values. */
    public enum AdapterValues {
        /** Apply gives the tuned model's very bits. */
        F32,
        /** Half the size; the values are rounded. */
        BF16
    }
}
