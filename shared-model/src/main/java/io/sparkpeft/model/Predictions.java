package io.sparkpeft.model;

/**
 * What a model says of each example of a batch.
 *
 * @param losses sum of the losses of the example's targets, in nats
 * @param targets number of the example's targets
 * @param probabilities one row of class probabilities per example; no rows for a language model
 */
public record Predictions(float[] losses, int[] targets, float[][] probabilities) {
    /** The most probable class; the lowest index where several are equal. */
    public int label(int example) {
        float[] row = probabilities[example];
        int best = 0;
        for (int c = 1; c < row.length; c++) {
            if (row[c] > row[best]) {
                best = c;
            }
        }
        return best;
    }
}
