package io.sparkpeft.average;

import io.sparkpeft.spi.Named;
import io.sparkpeft.spi.Services;
import java.util.List;

/**
 * How the results of shards that tuned the same weights become one. Works entry by entry, so that a range of the vector
 * can be averaged by itself. Stateless; found through {@link java.util.ServiceLoader}.
 */
public interface AveragingRule extends Named {
    /**
     * Weight of each contribution, not negative, of sum 1, or all 0 where no shard saw an example.
     *
     * @param contributions in shard order
     */
    double[] weights(List<Contribution> contributions);

    static AveragingRule named(String name) {
        return Services.find(AveragingRule.class, "averaging rule", name);
    }
}
