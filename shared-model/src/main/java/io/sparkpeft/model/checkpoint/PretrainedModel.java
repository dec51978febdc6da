package io.sparkpeft.model.checkpoint;

import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.param.Parameters;

/**
 * A model with its weights in ordinary memory.
 *
 * @param outline what it is
 * @param parameters the weights
 */
public record PretrainedModel(ModelOutline outline, Parameters parameters) {
    public ModelDefinition definition() {
        return outline.definition();
    }

    public LoadReport report() {
        return outline.report();
    }
}
