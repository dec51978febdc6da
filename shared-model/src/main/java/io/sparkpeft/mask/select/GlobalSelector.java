package io.sparkpeft.mask.select;

import io.sparkpeft.mask.Granularity;
import io.sparkpeft.mask.MaskSelector;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.channel.ChannelSearch;
import io.sparkpeft.mask.threshold.SelectionProcess;
import java.util.Arrays;
import java.util.List;

/** Compares all candidates with each other: one threshold, but for tensors that their guards hold back or up. */
public final class GlobalSelector implements MaskSelector {
    @Override
    public String name() {
        return "global";
    }

    @Override
    public SelectionProcess start(SelectionTask task) {
        if (task.granularity() != Granularity.ELEMENT) {
            long[] limits = new long[task.candidates().layout().count()];
            Arrays.setAll(limits, task::most);
            return new ChannelSearch(task, limits);
        }
        return new ThresholdSearch(task.candidates().layout(), List.of(ScoreSearch.shared(task)));
    }
}
