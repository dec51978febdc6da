package io.sparkpeft.mask.select;

import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.mask.threshold.SelectedSlice;
import io.sparkpeft.mask.threshold.SelectionRule;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorSpec;
import java.util.Arrays;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Chooses the highest scores of every line. With quota q and C candidates in a tensor, c of them before a line and n in
 * it, the line gets ⌊q·(c + n)/C⌋ − ⌊q·c/C⌋ weights, which adds up to q.
 *
 * @param quotas weights to choose by tensor
 * @param before by tensor, the candidates before each line and, at the end, all; empty where all weights are candidates
 */
record LineRule(long[] quotas, int[][] before) implements SelectionRule {

    /** Counts the candidates before each line of a tensor, and all of them at the end. */
    static int[] candidatesBefore(ParameterMask candidates, int tensor) {
        TensorSpec spec = candidates.layout().tensor(tensor);
        boolean columns = spec.kind() == TensorKind.CONV1D;
        int[] before = new int[(columns ? spec.columns() : spec.rows()) + 1];
        for (IntIterator i = candidates.tensor(tensor).getIntIterator(); i.hasNext(); ) {
            int index = i.next();
            before[(columns ? index % spec.columns() : index / spec.columns()) + 1]++;
        }
        for (int line = 1; line < before.length; line++) {
            before[line] += before[line - 1];
        }
        return before;
    }

    @Override
    public SelectedSlice select(ScoredSlice scored) {
        ParameterSlice slice = scored.slice();
        RoaringBitmap chosen = new RoaringBitmap();
        for (int line = 0; line < slice.lineCount(); line++) {
            int quota = quota(slice, slice.from() + line);
            if (quota > 0) {
                choose(scored, line * slice.lineLength(), quota, chosen);
            }
        }
        return new SelectedSlice(slice.tensor(), chosen);
    }

    private int quota(ParameterSlice slice, int line) {
        int[] counts = before[slice.tensor()];
        long quota = quotas[slice.tensor()];
        if (quota == 0) {
            return 0;
        }
        long first = counts.length == 0 ? (long) line * slice.lineLength() : counts[line];
        long last = counts.length == 0 ? (long) (line + 1) * slice.lineLength() : counts[line + 1];
        long all = counts.length == 0 ? slice.spec().size() : counts[counts.length - 1];
        return (int) (quota * last / all - quota * first / all);
    }

    private static void choose(ScoredSlice scored, int start, int quota, RoaringBitmap chosen) {
        int length = scored.slice().lineLength();
        long[] keys = new long[length];
        for (int i = 0; i < length; i++) {
            // Higher scores first, then lower positions, which along a line are lower flat indices.
            keys[i] = ((long) ~scored.key(start + i) << Integer.SIZE) | i;
        }
        Arrays.sort(keys);
        for (int i = 0; i < quota; i++) {
            chosen.add(scored.slice().localIndex(start + (int) keys[i]));
        }
    }
}
