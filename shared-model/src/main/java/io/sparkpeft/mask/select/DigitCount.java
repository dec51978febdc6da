package io.sparkpeft.mask.select;

import io.sparkpeft.mask.threshold.CountRequest;
import io.sparkpeft.mask.threshold.KeyCounts;
import io.sparkpeft.mask.threshold.ScoredSlice;

/**
 * Counts one digit of the sort key of every entry whose higher digits are known. The key is the score's bit pattern
 * followed by the index in the tensor: six digits of 11, 10 and 10 bits and again. For a tensor at level l the entries
 * counted are those that agree with its prefix in the digits before l.
 *
 * @param levels digit to count by tensor, −1 where nothing is counted
 * @param scores known part of the score bits by tensor: the digits before the level, the rest 0
 * @param indices known part of the index by tensor
 */
record DigitCount(int[] levels, int[] scores, int[] indices) implements CountRequest {
    /** Digits of the score; the index has as many. */
    static final int SCORE_LEVELS = 3;

    static final int LEVELS = 6;
    private static final int[] SHIFTS = {20, 10, 0};
    private static final int[] BINS = {1 << 11, 1 << 10, 1 << 10};

    /** Lowest bit of the digit. */
    static int shift(int level) {
        return SHIFTS[level % SCORE_LEVELS];
    }

    /** Number of values of the digit. */
    static int bins(int level) {
        return BINS[level % SCORE_LEVELS];
    }

    @Override
    public KeyCounts count(ScoredSlice slice) {
        int tensor = slice.slice().tensor();
        int level = levels[tensor];
        if (level < 0) {
            return new KeyCounts();
        }
        long[] counts = new long[bins(level)];
        if (level < SCORE_LEVELS) {
            countScores(slice, level, scores[tensor], counts);
        } else {
            countIndices(slice, level, tensor, counts);
        }
        return new KeyCounts(tensor, counts);
    }

    private static void countScores(ScoredSlice slice, int level, int prefix, long[] counts) {
        int known = level == 0 ? Integer.SIZE - 1 : shift(level - 1);
        int shift = shift(level);
        int digits = counts.length - 1;
        for (int p = 0; p < slice.scores().length; p++) {
            int key = slice.key(p);
            if (key >= 0 && key >>> known == prefix >>> known) {
                counts[(key >>> shift) & digits]++;
            }
        }
    }

    private void countIndices(ScoredSlice slice, int level, int tensor, long[] counts) {
        int known = level == SCORE_LEVELS ? Integer.SIZE - 1 : shift(level - 1);
        int shift = shift(level);
        int digits = counts.length - 1;
        for (int p = 0; p < slice.scores().length; p++) {
            if (slice.key(p) == scores[tensor]) {
                int index = slice.slice().localIndex(p);
                if (index >>> known == indices[tensor] >>> known) {
                    counts[(index >>> shift) & digits]++;
                }
            }
        }
    }
}
