package io.sparkpeft.train;

import java.io.Serializable;

/**
 * A confusion matrix, additive over shards. Metrics as scikit-learn defines them, computed from the counts.
 *
 * @param counts examples by [true class][predicted class]
 */
public record ClassificationCounts(long[][] counts) implements Serializable {

    public static ClassificationCounts empty(int classes) {
        return new ClassificationCounts(new long[classes][classes]);
    }

    /** Counts one example, in place. */
    public void add(int label, int predicted) {
        counts[label][predicted]++;
    }

    /** The counts of both; either may have seen no classes at all. */
    public ClassificationCounts plus(ClassificationCounts other) {
        if (counts.length == 0 || other.counts.length == 0) {
            return counts.length == 0 ? other : this;
        }
        if (counts.length != other.counts.length) {
            throw new IllegalArgumentException(
                    "Cannot add counts of %d classes to those of %d".formatted(other.counts.length, counts.length));
        }
        ClassificationCounts sum = empty(counts.length);
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                sum.counts[i][j] = counts[i][j] + other.counts[i][j];
            }
        }
        return sum;
    }

    public int classes() {
        return counts.length;
    }

    /** Number of examples. */
    public long total() {
        long total = 0;
        for (int c = 0; c < counts.length; c++) {
            total += actual(c);
        }
        return total;
    }

    /** Share of the examples whose class is predicted; 0 without examples. */
    public double accuracy() {
        long total = total();
        return total == 0 ? 0 : (double) correct() / total;
    }

    /**
     * Mean over classes of F1 = 2·TP/(2·TP + FP + FN). Classes that occur neither as label nor as prediction do not
     * count.
     */
    public double macroF1() {
        double sum = 0;
        int present = 0;
        for (int c = 0; c < counts.length; c++) {
            long occurrences = actual(c) + predicted(c);
            if (occurrences > 0) {
                sum += 2.0 * counts[c][c] / occurrences;
                present++;
            }
        }
        return present == 0 ? 0 : sum / present;
    }

    /**
     * Matthews correlation for any number of classes: (c·s − Σ p_k·t_k)/√((s² − Σ p_k²)·(s² − Σ t_k²)) with s examples,
     * c of them right, t_k of class k and p_k predicted as k; 0 where the denominator is. Gorodkin 2004.
     */
    public double matthews() {
        double s = total();
        double both = 0;
        double actualSquares = 0;
        double predictedSquares = 0;
        for (int k = 0; k < counts.length; k++) {
            double t = actual(k);
            double p = predicted(k);
            both += t * p;
            actualSquares += t * t;
            predictedSquares += p * p;
        }
        double denominator = Math.sqrt((s * s - predictedSquares) * (s * s - actualSquares));
        return denominator == 0 ? 0 : (correct() * s - both) / denominator;
    }

    private long correct() {
        long correct = 0;
        for (int c = 0; c < counts.length; c++) {
            correct += counts[c][c];
        }
        return correct;
    }

    private long actual(int label) {
        long sum = 0;
        for (long count : counts[label]) {
            sum += count;
        }
        return sum;
    }

    private long predicted(int label) {
        long sum = 0;
        for (long[] row : counts) {
            sum += row[label];
        }
        return sum;
    }
}
