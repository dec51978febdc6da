package io.sparkpeft.config;

import io.sparkpeft.config.bind.Range;
import io.sparkpeft.config.choice.Metric;
import io.sparkpeft.config.choice.TrainMode;
import java.util.List;
import java.util.OptionalDouble;

/** What is measured, when, and what the result is compared with. */
public record EvaluateRecipe(
        Metric metric, @Range(min = 0) int everyRounds, GenericSample retention, List<TrainMode> baselines, Gate gate) {

    /** What the final model must reach; a run that does not ends with exit code 4. */
    public record Gate(OptionalDouble metric, OptionalDouble maxDeltaCe) {}
}
