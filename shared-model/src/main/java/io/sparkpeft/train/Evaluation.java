package io.sparkpeft.train;

import java.io.Serializable;

/**
 * How a model did on some examples; additive over shards.
 *
 * @param counts what was predicted; of no classes for a language model
 * @param examples scored
 * @param targets predicted
 * @param lossSum sum of the losses of all targets, in nats
 */
public record Evaluation(ClassificationCounts counts, long examples, long targets, double lossSum)
        implements Serializable {
    public static final Evaluation NONE = new Evaluation(ClassificationCounts.empty(0), 0, 0, 0);

    public Evaluation plus(Evaluation other) {
        return new Evaluation(
                counts.plus(other.counts), examples + other.examples, targets + other.targets, lossSum + other.lossSum);
    }

    /** Mean loss of a target, in nats. */
    public double crossEntropy() {
        return targets == 0 ? 0 : lossSum / targets;
    }

    /** e to the cross-entropy. */
    public double perplexity() {
        return Math.exp(crossEntropy());
    }

    public double accuracy() {
        return counts.accuracy();
    }

    public double macroF1() {
        return counts.macroF1();
    }

    public double matthews() {
        return counts.matthews();
    }
}
