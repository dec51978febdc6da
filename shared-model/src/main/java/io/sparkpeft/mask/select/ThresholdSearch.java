package io.sparkpeft.mask.select;

import io.sparkpeft.mask.threshold.CountRequest;
import io.sparkpeft.mask.threshold.KeyCounts;
import io.sparkpeft.mask.threshold.SelectionProcess;
import io.sparkpeft.mask.threshold.SelectionRule;
import io.sparkpeft.param.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Exact distributed top-k: a radix search over the keys (score, then index), one digit a pass. Three passes find the
 * threshold; where a guard holds a tensor back or up, three more find that tensor's own; where only some of the weights
 * at the threshold are chosen, up to three more find the index up to which they are. Tensors search side by side.
 */
final class ThresholdSearch implements SelectionProcess {
    private final ParameterLayout layout;
    private final int[] thresholds;
    private final int[] lastTies;
    private final List<ScoreSearch> scores = new ArrayList<>();
    private final List<TieSearch> ties = new ArrayList<>();

    ThresholdSearch(ParameterLayout layout, List<ScoreSearch> searches) {
        this.layout = layout;
        this.thresholds = new int[layout.count()];
        this.lastTies = new int[layout.count()];
        Arrays.fill(thresholds, ThresholdRule.NOTHING);
        Arrays.fill(lastTies, -1);
        scores.addAll(searches);
    }

    @Override
    public Optional<CountRequest> next() {
        if (scores.isEmpty() && ties.isEmpty()) {
            return Optional.empty();
        }
        int[] levels = new int[layout.count()];
        int[] prefixes = new int[layout.count()];
        int[] indices = new int[layout.count()];
        Arrays.fill(levels, -1);
        for (ScoreSearch search : scores) {
            for (int m = 0; m < search.size(); m++) {
                levels[search.tensor(m)] = search.level();
                prefixes[search.tensor(m)] = search.threshold();
            }
        }
        for (TieSearch search : ties) {
            levels[search.tensor()] = search.level();
            prefixes[search.tensor()] = search.score();
            indices[search.tensor()] = search.index();
        }
        return Optional.of(new DigitCount(levels, prefixes, indices));
    }

    @Override
    public void accept(KeyCounts counts) {
        for (TieSearch search : List.copyOf(ties)) {
            search.accept(counts);
            if (search.isDone()) {
                ties.remove(search);
                lastTies[search.tensor()] = search.index();
            }
        }
        for (ScoreSearch search : List.copyOf(scores)) {
            search.accept(counts);
            if (search.isDone()) {
                scores.remove(search);
                settle(search);
            }
        }
    }

    private void settle(ScoreSearch search) {
        long[] quotas = search.quotas();
        for (int m = 0; m < quotas.length; m++) {
            int tensor = search.tensor(m);
            long chosenTies = quotas[m] - search.above(m);
            if (chosenTies < 0 || chosenTies > search.at(m)) {
                scores.add(ScoreSearch.single(tensor, quotas[m]));
            } else {
                thresholds[tensor] = search.threshold();
                settleTies(tensor, search.threshold(), chosenTies, search.at(m));
            }
        }
    }

    private void settleTies(int tensor, int threshold, long chosen, long all) {
        if (chosen == all) {
            lastTies[tensor] = Integer.MAX_VALUE;
        } else if (chosen > 0) {
            ties.add(new TieSearch(
                    tensor, threshold, chosen, layout.tensor(tensor).size()));
        }
    }

    @Override
    public SelectionRule rule() {
        if (!scores.isEmpty() || !ties.isEmpty()) {
            throw new IllegalStateException("Cannot select: the thresholds are not known yet");
        }
        return new ThresholdRule(thresholds, lastTies);
    }
}
