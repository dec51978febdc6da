package io.sparkpeft.mask;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** Histograms of some tensors' keys, additive over slices; whole numbers, so the order of adding does not matter. */
public final class KeyCounts implements Serializable {
    private static final long serialVersionUID = 1;

    private final HashMap<Integer, long[]> byTensor = new HashMap<>();

    /** No counts. */
    public KeyCounts() {}

    /** The counts of one tensor; the array is taken over. */
    public KeyCounts(int tensor, long[] counts) {
        byTensor.put(tensor, counts);
    }

    /** Adds other counts to these and returns these. */
    public KeyCounts add(KeyCounts other) {
        for (Map.Entry<Integer, long[]> entry : other.byTensor.entrySet()) {
            long[] sum = byTensor.get(entry.getKey());
            if (sum == null) {
                byTensor.put(entry.getKey(), entry.getValue().clone());
            } else {
                for (int b = 0; b < sum.length; b++) {
                    sum[b] += entry.getValue()[b];
                }
            }
        }
        return this;
    }

    /** Entries of a tensor in a bin; 0 where nothing was counted. */
    public long count(int tensor, int bin) {
        long[] counts = byTensor.get(tensor);
        return counts == null ? 0 : counts[bin];
    }
}
