package io.sparkpeft.run;

import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.spark.model.ModelState;

/**
 * One pass of pruning and tuning.
 *
 * @param plan what was to be reached
 * @param prunedState the model right after pruning
 * @param tunedState the model after tuning
 * @param updateMask the weights that were tuned
 * @param pruned measured right after pruning
 * @param tuned measured after tuning
 */
public record Phase(
        PhasePlan plan,
        ModelState prunedState,
        ModelState tunedState,
        Artefact updateMask,
        Measurement pruned,
        Measurement tuned) {}
