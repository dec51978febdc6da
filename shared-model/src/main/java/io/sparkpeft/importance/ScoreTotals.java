package io.sparkpeft.importance;

import java.io.Serializable;

/**
 * Sum and number of some scores, additive over slices. Add slices in layout order to get the same bits every time.
 *
 * @param sum of the scores
 * @param count number of scores
 */
public record ScoreTotals(double sum, long count) implements Serializable {
    public static final ScoreTotals ZERO = new ScoreTotals(0, 0);

    /** The totals of one slice. */
    public static ScoreTotals of(float[] scores) {
        double sum = 0;
        for (float score : scores) {
            sum += score;
        }
        return new ScoreTotals(sum, scores.length);
    }

    public ScoreTotals plus(ScoreTotals other) {
        return new ScoreTotals(sum + other.sum, count + other.count);
    }

    public double mean() {
        return count == 0 ? 0 : sum / count;
    }
}
