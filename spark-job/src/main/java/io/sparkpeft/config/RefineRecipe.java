package io.sparkpeft.config;

import io.sparkpeft.config.bind.Range;
import java.util.OptionalDouble;

/** When a phase of pruning and tuning is accepted, and how the masks change. */
public record RefineRecipe(
        @Range(min = 0) double tolerance,
        OptionalDouble maxDeltaCe,
        @Range(min = 0, max = 1000) int maxPhases,
        Reference reference,
        DropAndGrow dropAndGrow) {

    /** The metric that a phase is compared with. */
    public enum Reference {
        /** The best phase accepted so far; the first phase is always accepted. */
        BEST,
        /** The dense baseline of the same job. */
        DENSE,
        /** The model before anything was done to it. */
        BEFORE,
        /** Nothing: every phase is accepted. */
        NONE
    }

    /** Exchange of tuned weights while training goes on. */
    public record DropAndGrow(
            @Range(min = 0) int everyRounds,

            @Range(min = 0, max = 1, minAllowed = false, maxAllowed = false)
            double share) {
        public boolean isOff() {
            return everyRounds == 0;
        }
    }
}
