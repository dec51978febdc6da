package io.sparkpeft.mask.threshold;

import java.io.Serializable;

/** Says of every slice by itself which weights are chosen. */
public interface SelectionRule extends Serializable {
    SelectedSlice select(ScoredSlice slice);
}
