package io.sparkpeft.model.checkpoint;

import io.sparkpeft.model.architecture.ConfigJson;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.param.Parameters;
import java.util.Map;

/**
 * A model with its weights.
 *
 * @param definition what is computed
 * @param parameters the weights
 * @param config the checkpoint's config.json
 * @param storedNames names of the tensors in the checkpoint's files, where they differ from the layout's
 * @param report what was noteworthy
 */
public record PretrainedModel(
        ModelDefinition definition,
        Parameters parameters,
        ConfigJson config,
        Map<String, String> storedNames,
        LoadReport report) {
    public PretrainedModel {
        storedNames = Map.copyOf(storedNames);
    }
}
