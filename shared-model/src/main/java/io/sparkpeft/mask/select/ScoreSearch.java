package io.sparkpeft.mask.select;

import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.threshold.KeyCounts;

/**
 * Finds the score that separates the chosen weights of a group of tensors from the others, digit by digit. With c_t(s)
 * candidates of tensor t that score at least s, it is the highest score s with
 *
 * <pre>   Σ_t min(most_t, max(least_t, c_t(s))) ≥ budget   </pre>
 *
 * Tensors at a bound take no part in the competition: the others share what is left (water-filling).
 */
final class ScoreSearch {
    private final int[] tensors;
    private final long budget;
    private final long[] least;
    private final long[] most;
    /** Candidates of each tensor that score above every score still in question. */
    private final long[] above;
    /** Candidates of each tensor with the digits found so far. */
    private final long[] at;

    private int level;
    private int prefix;

    private ScoreSearch(int[] tensors, long budget, long[] least, long[] most) {
        this.tensors = tensors;
        this.budget = budget;
        this.least = least;
        this.most = most;
        this.above = new long[tensors.length];
        this.at = new long[tensors.length];
    }

    /** One threshold for all tensors, within their guards. */
    static ScoreSearch shared(SelectionTask task) {
        int count = task.candidates().layout().count();
        int[] tensors = new int[count];
        long[] least = new long[count];
        long[] most = new long[count];
        for (int t = 0; t < count; t++) {
            tensors[t] = t;
            least[t] = task.least(t);
            most[t] = task.most(t);
        }
        return new ScoreSearch(tensors, task.keep(), least, most);
    }

    /** The threshold of one tensor of which a known number is chosen. */
    static ScoreSearch single(int tensor, long budget) {
        return new ScoreSearch(new int[] {tensor}, budget, new long[1], new long[] {Long.MAX_VALUE});
    }

    boolean isDone() {
        return level == DigitCount.SCORE_LEVELS;
    }

    int level() {
        return level;
    }

    /** The digits found so far, the rest 0: the bits of the threshold when done. */
    int threshold() {
        return prefix;
    }

    int size() {
        return tensors.length;
    }

    int tensor(int member) {
        return tensors[member];
    }

    /** Candidates of a member that score above the threshold, when done. */
    long above(int member) {
        return above[member];
    }

    /** Candidates of a member that score the threshold itself, when done. */
    long at(int member) {
        return at[member];
    }

    /** Finds the next digit. */
    void accept(KeyCounts counts) {
        int bin = DigitCount.bins(level) - 1;
        load(counts, bin);
        while (bin > 0 && chosen(true) < budget) {
            for (int m = 0; m < tensors.length; m++) {
                above[m] += at[m];
            }
            bin--;
            load(counts, bin);
        }
        prefix |= bin << DigitCount.shift(level);
        level++;
    }

    private void load(KeyCounts counts, int bin) {
        for (int m = 0; m < tensors.length; m++) {
            at[m] = counts.count(tensors[m], bin);
        }
    }

    private long chosen(boolean withTies) {
        long sum = 0;
        for (int m = 0; m < tensors.length; m++) {
            sum += bounded(m, above[m] + (withTies ? at[m] : 0));
        }
        return sum;
    }

    private long bounded(int member, long count) {
        return Math.min(most[member], Math.max(least[member], count));
    }

    /** How many of each member are chosen, when done; ties go to the lowest flat index, which is the first tensor. */
    long[] quotas() {
        long[] quotas = new long[tensors.length];
        long left = budget - chosen(false);
        for (int m = 0; m < tensors.length; m++) {
            long sure = bounded(m, above[m]);
            long ties = Math.min(left, bounded(m, above[m] + at[m]) - sure);
            quotas[m] = sure + ties;
            left -= ties;
        }
        return quotas;
    }
}
