package io.sparkpeft.average;

import java.util.List;

/** All shards that saw an example count the same. */
public final class UniformMean implements AveragingRule {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public double[] weights(List<Contribution> contributions) {
        double active = contributions.stream().filter(c -> c.examples() > 0).count();
        return contributions.stream()
                .mapToDouble(c -> c.examples() > 0 ? 1 / active : 0)
                .toArray();
    }
}
