package io.sparkpeft.mask.select;

import io.sparkpeft.mask.threshold.KeyCounts;

/** Finds the index up to which a tensor's weights of one score are chosen, digit by digit. */
final class TieSearch {
    private final int tensor;
    private final int score;
    /** How many are still to be taken from the indices in question. */
    private long left;

    private int level;
    private int prefix;

    /**
     * @param score bits of the score
     * @param ties how many are chosen: at least one, fewer than there are
     * @param size of the tensor: leading digits that are 0 throughout are not searched
     */
    TieSearch(int tensor, int score, long ties, int size) {
        this.tensor = tensor;
        this.score = score;
        this.left = ties;
        this.level = DigitCount.SCORE_LEVELS;
        while (level < DigitCount.LEVELS - 1 && (size - 1) >>> DigitCount.shift(level) == 0) {
            level++;
        }
    }

    boolean isDone() {
        return level == DigitCount.LEVELS;
    }

    int tensor() {
        return tensor;
    }

    int score() {
        return score;
    }

    int level() {
        return level;
    }

    /** The digits found so far: the last index chosen when done. */
    int index() {
        return prefix;
    }

    /** Finds the next digit. */
    void accept(KeyCounts counts) {
        int bin = 0;
        while (bin < DigitCount.bins(level) - 1 && counts.count(tensor, bin) < left) {
            left -= counts.count(tensor, bin);
            bin++;
        }
        prefix |= bin << DigitCount.shift(level);
        level++;
    }
}
