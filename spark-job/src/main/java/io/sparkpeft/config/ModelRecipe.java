package io.sparkpeft.config;

import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.config.bind.Range;
import io.sparkpeft.param.FrozenWeights;

/** The model to start from. */
public record ModelRecipe(
        String path,
        String tokenizer,
        InitialWeights initialWeights,
        @Range(min = 0, max = 1 << 20) int maxLength,
        boolean dropout,
        String backend,
        String backendOutsideRounds,
        Precision precision,
        FrozenWeights frozenWeights) {

    /** Leaves the backend outside of rounds to Spark's settings. */
    public static final String AUTO = "auto";

    /** The checkpoint of another directory, with the weights that it holds. */
    public ModelRecipe at(String otherPath, String otherTokenizer) {
        return new ModelRecipe(
                otherPath,
                otherTokenizer,
                InitialWeights.PRETRAINED,
                maxLength,
                dropout,
                backend,
                backendOutsideRounds,
                precision,
                frozenWeights);
    }

    /** The same model, computed by another backend outside of rounds. */
    public ModelRecipe withBackendOutsideRounds(String other) {
        return new ModelRecipe(
                path, tokenizer, initialWeights, maxLength, dropout, backend, other, precision, frozenWeights);
    }

    /** Whether one backend computes all: that of rounds. */
    public boolean isOneBackend() {
        return backendOutsideRounds.equals(AUTO) || backendOutsideRounds.equals(backend);
    }

    /** What computes in rounds. */
    public BackendChoice computation() {
        return new BackendChoice(backend, precision);
    }

    /** Which weights a run starts from. */
    public enum InitialWeights {
        /** Those of the checkpoint. */
        PRETRAINED,
        /** Drawn from the seed, as the family's own code draws them; the checkpoint need only hold a config.json. */
        RANDOM
    }
}
