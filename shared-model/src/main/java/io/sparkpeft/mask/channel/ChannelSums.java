package io.sparkpeft.mask.channel;

import io.sparkpeft.mask.Granularity;
import io.sparkpeft.mask.threshold.CountRequest;
import io.sparkpeft.mask.threshold.KeyCounts;
import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.param.ParameterSlice;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds up the scores of every channel's candidates, and counts them. Slices may cut a channel: whole numbers are added,
 * so where they cut makes no difference.
 *
 * @param granularity rows or columns
 * @param offsets number of the first channel of every tensor
 */
record ChannelSums(Granularity granularity, int[] offsets) implements CountRequest {
    /** Where the number of candidates stands, after the digits of their sum. */
    private static final int COUNT = ExactSum.DIGITS;

    @Override
    public KeyCounts count(ScoredSlice scored) {
        ParameterSlice slice = scored.slice();
        long[][] sums = new long[granularity.channels(slice.spec())][];
        Map<Integer, long[]> touched = new HashMap<>();
        for (int p = 0; p < scored.scores().length; p++) {
            if (scored.key(p) >= 0) {
                int channel = granularity.channel(slice.spec(), slice.localIndex(p));
                if (sums[channel] == null) {
                    sums[channel] = new long[COUNT + 1];
                    touched.put(offsets[slice.tensor()] + channel, sums[channel]);
                }
                ExactSum.add(scored.scores()[p], sums[channel]);
                sums[channel][COUNT]++;
            }
        }
        return new KeyCounts(touched);
    }

    /** Candidates of a channel. */
    static int size(KeyCounts sums, int channel) {
        return (int) sums.count(channel, COUNT);
    }

    /** Mean score of a channel's candidates, of which there is one at least. */
    static double mean(KeyCounts sums, int channel) {
        long[] digits = new long[ExactSum.DIGITS];
        for (int d = 0; d < digits.length; d++) {
            digits[d] = sums.count(channel, d);
        }
        return ExactSum.value(digits) / size(sums, channel);
    }
}
