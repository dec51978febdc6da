package io.sparkpeft.mask.threshold;

import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import org.roaringbitmap.RoaringBitmap;

/**
 * The scores of a slice. An executor holds these while masks are chosen; only counts and chosen indices leave it.
 *
 * @param slice which weights
 * @param scores one per weight in the slice's order, {@link #EXCLUDED} for weights that are no candidates
 */
public record ScoredSlice(ParameterSlice slice, float[] scores) {
    /** Marks a weight that may not be chosen. */
    public static final float EXCLUDED = -1f;

    /**
     * Takes candidates' scores and excludes all others.
     *
     * @throws IllegalArgumentException if the score of a candidate is negative, infinite or NaN
     */
    public static ScoredSlice of(ParameterSlice slice, float[] scores, ParameterMask candidates) {
        if (scores.length != slice.size()) {
            throw new IllegalArgumentException("Cannot take %d scores: the slice of tensor %s holds %d weights"
                    .formatted(scores.length, slice.spec().name(), slice.size()));
        }
        RoaringBitmap chosen = candidates.tensor(slice.tensor());
        boolean all = candidates.isFull(slice.tensor());
        float[] kept = new float[scores.length];
        for (int p = 0; p < kept.length; p++) {
            int index = slice.localIndex(p);
            if (!all && !chosen.contains(index)) {
                kept[p] = EXCLUDED;
            } else if (scores[p] >= 0 && scores[p] < Float.POSITIVE_INFINITY) {
                kept[p] = scores[p] + 0f;
            } else {
                throw new IllegalArgumentException("Invalid score: %s at index %d of tensor %s"
                        .formatted(scores[p], index, slice.spec().name()));
            }
        }
        return new ScoredSlice(slice, kept);
    }

    /**
     * The score as an integer that orders as scores do, from 0 up: its bit pattern. Negative where the weight is no
     * candidate.
     */
    public int key(int position) {
        return Float.floatToRawIntBits(scores[position]);
    }
}
