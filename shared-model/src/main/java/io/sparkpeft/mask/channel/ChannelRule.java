package io.sparkpeft.mask.channel;

import io.sparkpeft.mask.Granularity;
import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.mask.threshold.SelectedSlice;
import io.sparkpeft.mask.threshold.SelectionRule;
import io.sparkpeft.param.ParameterSlice;
import java.util.Arrays;
import java.util.BitSet;
import org.roaringbitmap.RoaringBitmap;

/**
 * Chooses all candidates of some channels.
 *
 * @param granularity rows or columns
 * @param chosen channels by tensor
 */
record ChannelRule(Granularity granularity, BitSet[] chosen) implements SelectionRule {
    @Override
    public SelectedSlice select(ScoredSlice scored) {
        ParameterSlice slice = scored.slice();
        BitSet channels = chosen[slice.tensor()];
        int[] indices = new int[scored.scores().length];
        int count = 0;
        for (int p = 0; p < indices.length && !channels.isEmpty(); p++) {
            int index = slice.localIndex(p);
            if (scored.key(p) >= 0 && channels.get(granularity.channel(slice.spec(), index))) {
                indices[count++] = index;
            }
        }
        Arrays.sort(indices, 0, count);
        RoaringBitmap members = RoaringBitmap.bitmapOf(Arrays.copyOf(indices, count));
        members.runOptimize();
        return new SelectedSlice(slice.tensor(), members);
    }
}
