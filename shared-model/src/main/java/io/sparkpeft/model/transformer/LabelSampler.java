package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.CounterRandom;
import io.sparkpeft.model.TokenBatch;

/** Draws labels from predicted distributions; what is drawn depends on the seed, the sequence's tokens and the position. */
final class LabelSampler {
    private final TokenBatch batch;
    private final long seed;

    LabelSampler(TokenBatch batch, long seed) {
        this.batch = batch;
        this.seed = seed;
    }

    /**
     * The batch's labels with those of the targets drawn anew.
     *
     * @param probabilities one row per target
     */
    int[] draw(Targets targets, float[][] probabilities) {
        int[] labels = batch.labels().clone();
        for (int s = 0; s < batch.examples(); s++) {
            long key = seed;
            for (int r = batch.offsets()[s]; r < batch.offsets()[s + 1]; r++) {
                key = CounterRandom.mix(key, batch.tokens()[r]);
            }
            for (int t = targets.rows().bounds()[s]; t < targets.rows().bounds()[s + 1]; t++) {
                if (targets.labels()[t] >= 0) {
                    double u = CounterRandom.uniform(key, targets.rows().positions()[t]);
                    labels[targets.places()[t]] = draw(probabilities[t], u);
                }
            }
        }
        return labels;
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
