package io.sparkpeft.mask.select;

import io.sparkpeft.mask.Granularity;
import io.sparkpeft.mask.MaskSelector;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.threshold.CountRequest;
import io.sparkpeft.mask.threshold.KeyCounts;
import io.sparkpeft.mask.threshold.SelectionProcess;
import io.sparkpeft.mask.threshold.SelectionRule;
import io.sparkpeft.param.ParameterMask;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares candidates within their output channel, as Wanda does (Sun et al. 2023, arXiv 2306.11695): each line of each
 * tensor gets its share of the budget by its number of candidates. Lines lie whole in a slice, so no pass is needed.
 */
public final class PerRowSelector implements MaskSelector {
    @Override
    public String name() {
        return "per-row";
    }

    @Override
    public SelectionProcess start(SelectionTask task) {
        if (task.granularity() != Granularity.ELEMENT) {
            throw new IllegalArgumentException("Cannot choose whole %s per row: that scope compares single weights"
                    .formatted(task.granularity().name().toLowerCase(Locale.ROOT)));
        }
        long[] quotas = Apportionment.byTensor(task);
        ParameterMask candidates = task.candidates();
        int[][] before = new int[quotas.length][];
        for (int t = 0; t < quotas.length; t++) {
            before[t] = quotas[t] == 0 || candidates.isFull(t) ? new int[0] : LineRule.candidatesBefore(candidates, t);
        }
        return new Known(new LineRule(quotas, before));
    }

    private record Known(SelectionRule rule) implements SelectionProcess {
        @Override
        public Optional<CountRequest> next() {
            return Optional.empty();
        }

        @Override
        public void accept(KeyCounts counts) {
            throw new IllegalStateException("Cannot accept counts: none were asked for");
        }
    }
}
