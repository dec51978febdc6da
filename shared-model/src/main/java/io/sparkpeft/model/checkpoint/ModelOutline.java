package io.sparkpeft.model.checkpoint;

import io.sparkpeft.model.architecture.ModelDefinition;

/**
 * A model as its configuration and the headers of its files describe it, without its weights.
 *
 * @param definition what is computed, from which tensors
 * @param report what would be noteworthy about loading it
 */
public record ModelOutline(ModelDefinition definition, LoadReport report) {}
