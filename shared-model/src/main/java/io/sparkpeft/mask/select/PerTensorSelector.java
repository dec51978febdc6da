package io.sparkpeft.mask.select;

import io.sparkpeft.mask.Granularity;
import io.sparkpeft.mask.MaskSelector;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.channel.ChannelSearch;
import io.sparkpeft.mask.threshold.SelectionProcess;
import java.util.ArrayList;
import java.util.List;

/** Compares candidates within their tensor: each tensor gets its share of the budget by its number of candidates. */
public final class PerTensorSelector implements MaskSelector {
    @Override
    public String name() {
        return "per-tensor";
    }

    @Override
    public SelectionProcess start(SelectionTask task) {
        long[] quotas = Apportionment.byTensor(task);
        if (task.granularity() != Granularity.ELEMENT) {
            return new ChannelSearch(task, quotas);
        }
        List<ScoreSearch> searches = new ArrayList<>();
        for (int t = 0; t < quotas.length; t++) {
            if (quotas[t] > 0) {
                searches.add(ScoreSearch.single(t, quotas[t]));
            }
        }
        return new ThresholdSearch(task.candidates().layout(), searches);
    }
}
