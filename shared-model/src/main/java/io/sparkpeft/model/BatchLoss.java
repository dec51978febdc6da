package io.sparkpeft.model;

/**
 * The loss of a batch.
 *
 * @param sum of the losses of all targets, in nats
 * @param targets number of targets
 */
public record BatchLoss(double sum, long targets) {
    public static final BatchLoss ZERO = new BatchLoss(0, 0);

    public double mean() {
        return targets == 0 ? 0 : sum / targets;
    }

    public BatchLoss plus(BatchLoss other) {
        return new BatchLoss(sum + other.sum, targets + other.targets);
    }
}
