package io.sparkpeft.model.checkpoint;

import io.sparkpeft.model.architecture.ConfigJson;
import io.sparkpeft.model.architecture.ModelDefinition;
import java.util.Map;

/**
 * A model as its configuration and the headers of its files describe it, without its weights.
 *
 * @param definition what is computed, from which tensors
 * @param config the checkpoint's config.json
 * @param storedNames names of the tensors in the checkpoint's files, where they differ from the layout's
 * @param report what is noteworthy about loading it
 */
public record ModelOutline(
        ModelDefinition definition, ConfigJson config, Map<String, String> storedNames, LoadReport report) {
    public ModelOutline {
        storedNames = Map.copyOf(storedNames);
    }
}
