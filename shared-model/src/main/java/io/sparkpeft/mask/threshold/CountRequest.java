package io.sparkpeft.mask.threshold;

import java.io.Serializable;

/** What executors have to count in one pass over the score slices. */
public interface CountRequest extends Serializable {
    /** Counts in one slice. */
    KeyCounts count(ScoredSlice slice);
}
