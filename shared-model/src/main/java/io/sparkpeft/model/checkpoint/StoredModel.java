package io.sparkpeft.model.checkpoint;

import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.param.source.WeightFile;

/**
 * A model with its weights in a file of this process, where they take no memory.
 *
 * @param outline what it is
 * @param weights its weights
 */
public record StoredModel(ModelOutline outline, WeightFile weights) implements AutoCloseable {
    public ModelDefinition definition() {
        return outline.definition();
    }

    /** Gives the disk space back now; the weights cannot be read any more. */
    @Override
    public void close() {
        weights.close();
    }
}
