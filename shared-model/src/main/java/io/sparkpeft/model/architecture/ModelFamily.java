package io.sparkpeft.model.architecture;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.safetensors.CheckpointException;

/**
 * A family of Hugging Face checkpoints: how its config.json is read and what its tensors are called, nothing else. Found
 * through {@link java.util.ServiceLoader}.
 */
public interface ModelFamily {
    /** The {@code model_type} of its configurations. */
    String modelType();

    /**
     * Reads a configuration.
     *
     * @throws CheckpointException if a key is missing or has a value that is not supported
     */
    TransformerConfig read(ConfigJson json) throws CheckpointException;

    TensorNames names();

    /** Today's name of a tensor that older files, or files without a head, call otherwise. */
    String canonicalName(String stored);

    /** Whether a tensor of this canonical name is a constant that checkpoints hold and nobody needs. */
    boolean isBuffer(String canonicalName);

    /** Hugging Face's class for an objective, which goes into the exported config.json. */
    String architecture(Objective objective);
}
