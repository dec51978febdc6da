package io.sparkpeft.mask.threshold;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * Histograms of keys by group (a tensor, or a channel of one, as the {@link CountRequest} has it), additive over slices; whole
 * numbers, so the order of adding does not matter.
 */
public final class KeyCounts implements Serializable {
    private static final long serialVersionUID = 1;

    private final HashMap<Integer, long[]> byGroup;

    /** No counts. */
    public KeyCounts() {
        this(Map.of());
    }

    /** The counts of several groups; the arrays are taken over. */
    public KeyCounts(Map<Integer, long[]> counts) {
        byGroup = new HashMap<>(counts);
    }

    /** The counts of one group; the array is taken over. */
    public KeyCounts(int group, long[] counts) {
        this(Map.of(group, counts));
    }

    /** Adds other counts to these and returns these. */
    public KeyCounts add(KeyCounts other) {
        for (Map.Entry<Integer, long[]> entry : other.byGroup.entrySet()) {
            long[] sum = byGroup.get(entry.getKey());
            if (sum == null) {
                byGroup.put(entry.getKey(), entry.getValue().clone());
            } else {
                for (int b = 0; b < sum.length; b++) {
                    sum[b] += entry.getValue()[b];
                }
            }
        }
        return this;
    }

    /** Entries of a group in a bin; 0 where nothing was counted. */
    public long count(int group, int bin) {
        long[] counts = byGroup.get(group);
        return counts == null ? 0 : counts[bin];
    }
}
