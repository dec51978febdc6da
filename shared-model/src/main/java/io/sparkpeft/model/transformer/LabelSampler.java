package io.sparkpeft.model.transformer;

import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.random.CounterRandom;

/** Draws labels from predicted distributions; what is drawn depends on the seed, the sequence's tokens and the position. */
final class LabelSampler {
    private final TokenBatch batch;
    private final Targets targets;
    private final long seed;
    private final int[] labels;

    LabelSampler(TokenBatch batch, Targets targets, long seed) {
        this.batch = batch;
        this.targets = targets;
        this.seed = seed;
        this.labels = batch.labels().clone();
    }

    /** The batch's labels, those drawn so far replaced. */
    int[] labels() {
        return labels;
    }

    /**
     * Draws the labels of some targets.
     *
     * @param from the first of them
     * @param probabilities one row for each
     */
    void draw(int from, float[][] probabilities) {
        int to = from + probabilities.length;
        for (int s = 0; s < batch.examples(); s++) {
            int first = Math.max(from, targets.rows().bounds()[s]);
            int end = Math.min(to, targets.rows().bounds()[s + 1]);
            if (first >= end) {
                continue;
            }
            long key = seed;
            for (int r = batch.offsets()[s]; r < batch.offsets()[s + 1]; r++) {
                key = CounterRandom.mix(key, batch.tokens()[r]);
            }
            for (int t = first; t < end; t++) {
                if (targets.labels()[t] >= 0) {
                    double u = CounterRandom.uniform(key, targets.rows().positions()[t]);
                    labels[targets.places()[t]] = draw(probabilities[t - from], u);
                }
            }
        }
    }

    /** The class in which the cumulated probability passes u; the last one possible where rounding leaves a gap. */
    private static int draw(float[] probabilities, double u) {
        double cumulated = 0;
        int last = 0;
        for (int c = 0; c < probabilities.length; c++) {
            if (probabilities[c] > 0) {
                cumulated += probabilities[c];
                last = c;
                if (u < cumulated) {
                    return c;
                }
            }
        }
        return last;
    }
}
