package io.sparkpeft.dl4j.settings;

import java.io.Serializable;

/**
 * What importance is estimated on.
 *
 * @param examples examples of the RDD that are scored on
 * @param batchSize examples whose mean gradient is squared: 1 for the empirical Fisher information, example by example;
 *     0 for 1, or for the training's batch size where the network normalises batches, since the statistics of a batch of
 *     one say nothing
 */
public record ImportanceSettings(int examples, int batchSize) implements Serializable {
    public static final ImportanceSettings DEFAULT = new ImportanceSettings(512, 0);

    public ImportanceSettings {
        if (examples < 1 || batchSize < 0) {
            throw new IllegalArgumentException(
                    "Invalid importance sample: %d examples in batches of %d".formatted(examples, batchSize));
        }
    }
}
