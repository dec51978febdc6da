package io.sparkpeft.model.transformer;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.architecture.TransformerConfig;

/** Refuses batches that a model cannot read, before anything is computed. */
final class BatchLimits {
    private final ModelDefinition definition;

    BatchLimits(ModelDefinition definition) {
        this.definition = definition;
    }

    /**
     * @throws IllegalArgumentException if the batch has sequences too long, unknown tokens, unknown labels, or an
     *     objective that the model has no head for
     */
    void check(TokenBatch batch) {
        checkObjective(batch.objective());
        TransformerConfig.Sizes sizes = definition.config().sizes();
        for (int s = 0; s < batch.examples(); s++) {
            int length = batch.offsets()[s + 1] - batch.offsets()[s];
            if (length < 1 || length > sizes.positions()) {
                throw new IllegalArgumentException("Invalid batch: sequence %d has %d tokens, the model reads 1 to %d"
                        .formatted(s, length, sizes.positions()));
            }
        }
        checkRange("token", batch.tokens(), 0, sizes.vocabulary());
        if (batch.typeIds().length > 0 && sizes.tokenTypes() > 0) {
            checkRange("token type", batch.typeIds(), 0, sizes.tokenTypes());
        }
        checkRange("label", batch.labels(), -1, definition.classes(batch.objective()));
    }

    private void checkObjective(Objective objective) {
        if (objective == Objective.SEQUENCE_CLASSIFICATION) {
            if (definition.task().objective() != objective) {
                throw new IllegalArgumentException("Cannot classify: the model was loaded for %s and has no classifier"
                        .formatted(definition.task().objective()));
            }
        } else if (objective != definition.config().languageObjective()) {
            throw new IllegalArgumentException("Cannot compute %s: a model of type %s is for %s"
                    .formatted(
                            objective,
                            definition.family().modelType(),
                            definition.config().languageObjective()));
        } else if (!definition.hasLanguageHead()) {
            throw new IllegalArgumentException(
                    "Cannot compute %s: the checkpoint has no head for it, no retention can be measured"
                            .formatted(objective));
        }
    }

    private static void checkRange(String what, int[] values, int smallest, int end) {
        for (int r = 0; r < values.length; r++) {
            if (values[r] < smallest || values[r] >= end) {
                throw new IllegalArgumentException(
                        "Invalid batch: %s %d at %d, the model knows %d".formatted(what, values[r], r, end));
            }
        }
    }
}
