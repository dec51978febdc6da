package io.sparkpeft.dl4j.settings;

import io.sparkpeft.config.TrainRecipe.Moments;
import java.io.Serializable;

/**
 * How the rounds go.
 *
 * @param workers parts that the RDD is dealt into, each one worker of a round; 0 for its own partitions
 * @param batchSizePerWorker examples of one local step
 * @param averagingFrequency local steps between two averagings
 * @param epochs passes over the data in each call of fit
 * @param clipNorm largest norm of the gradient of the tuned weights; 0: not clipped
 * @param shuffle whether each worker goes through its examples in an order drawn anew for each epoch
 * @param seed of all that is drawn
 * @param moments what becomes of Adam's moments between rounds
 * @param statistics what becomes of running statistics, such as those of batch normalisation
 * @param storageLevel where Spark keeps the examples between rounds, unless the RDD is kept already
 * @param checkpointDirectory URI of a directory that each round is written to; empty for none
 */
public record TrainingSettings(
        int workers,
        int batchSizePerWorker,
        int averagingFrequency,
        int epochs,
        double clipNorm,
        boolean shuffle,
        long seed,
        Moments moments,
        Statistics statistics,
        String storageLevel,
        String checkpointDirectory)
        implements Serializable {
    public static final TrainingSettings DEFAULT = new TrainingSettings(
            0, 32, 5, 1, 0, true, 42, Moments.AVERAGE, Statistics.AVERAGE, "MEMORY_AND_DISK_SER", "");

    /** What becomes of running statistics. */
    public enum Statistics {
        /** They move with every batch, as in DL4J's own training, and are averaged as the weights are. */
        AVERAGE,
        /** They stay as they were. */
        FREEZE
    }

    public TrainingSettings {
        if (workers < 0 || batchSizePerWorker < 1 || averagingFrequency < 1 || epochs < 1) {
            throw new IllegalArgumentException(
                    "Invalid rounds: %d workers, batches of %d, averaged every %d steps, %d epochs"
                            .formatted(workers, batchSizePerWorker, averagingFrequency, epochs));
        }
        if (!(clipNorm >= 0)) {
            throw new IllegalArgumentException("Invalid clipping norm: %s".formatted(clipNorm));
        }
        org.apache.spark.storage.StorageLevel.fromString(storageLevel);
        java.util.Objects.requireNonNull(checkpointDirectory, "checkpointDirectory");
    }

    TrainingSettings withoutPlaces() {
        return new TrainingSettings(
                workers,
                batchSizePerWorker,
                averagingFrequency,
                epochs,
                clipNorm,
                shuffle,
                seed,
                moments,
                statistics,
                storageLevel,
                "");
    }
}
