package io.sparkpeft.average;

import java.util.List;

/**
 * Shards count by the examples they saw, so that every example counts the same: w_s = n_s/Σ n. Federated averaging:
 * McMahan et al. 2017, arXiv 1602.05629.
 */
public final class ExampleWeightedMean implements AveragingRule {
    @Override
    public String name() {
        return "examples";
    }

    @Override
    public double[] weights(List<Contribution> contributions) {
        double total = contributions.stream().mapToLong(Contribution::examples).sum();
        return contributions.stream()
                .mapToDouble(c -> total == 0 ? 0 : c.examples() / total)
                .toArray();
    }
}
