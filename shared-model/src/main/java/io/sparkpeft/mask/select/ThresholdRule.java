package io.sparkpeft.mask.select;

import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.mask.threshold.SelectedSlice;
import io.sparkpeft.mask.threshold.SelectionRule;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/**
 * Chooses the weights of every tensor that score above its threshold, and those that equal it up to an index.
 *
 * @param thresholds score bits by tensor
 * @param lastTies largest index in the tensor at which an equal score is chosen, −1 for none
 */
record ThresholdRule(int[] thresholds, int[] lastTies) implements SelectionRule {
    /** Above every score: nothing is chosen. */
    static final int NOTHING = Integer.MAX_VALUE;

    @Override
    public SelectedSlice select(ScoredSlice slice) {
        int tensor = slice.slice().tensor();
        int threshold = thresholds[tensor];
        int[] chosen = new int[slice.scores().length];
        int count = 0;
        for (int p = 0; p < chosen.length; p++) {
            int key = slice.key(p);
            if (key >= threshold && key >= 0) {
                int index = slice.slice().localIndex(p);
                if (key > threshold || index <= lastTies[tensor]) {
                    chosen[count++] = index;
                }
            }
        }
        Arrays.sort(chosen, 0, count);
        return new SelectedSlice(tensor, RoaringBitmap.bitmapOf(Arrays.copyOf(chosen, count)));
    }
}
