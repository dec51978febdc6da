package io.sparkpeft.average;

import java.util.Comparator;
import java.util.List;

/**
 * Weighted means summed in shard order in double: the same bits whatever order results arrive in, on any number of
 * executors, of the whole vector or of ranges of it.
 */
public final class OrderedMean {
    private OrderedMean() {}

    /**
     * The mean change Σ_s w_s·(values_s − start), or 0 where no shard saw an example. Differences are taken in double,
     * where they are exact but for changes by many orders of magnitude.
     *
     * @param start values that all shards started from
     * @param contributions in any order, of distinct shards
     */
    public static double[] change(AveragingRule rule, float[] start, List<Contribution> contributions) {
        List<Contribution> ordered = ordered(start.length, contributions);
        double[] weights = rule.weights(ordered);
        double[] change = new double[start.length];
        for (int s = 0; s < weights.length; s++) {
            double weight = weights[s];
            if (weight > 0) {
                float[] values = ordered.get(s).values();
                for (int i = 0; i < change.length; i++) {
                    change[i] += weight * ((double) values[i] - start[i]);
                }
            }
        }
        return change;
    }

    /** The mean Σ_s w_s·values_s, for moments. */
    public static float[] values(AveragingRule rule, int size, List<Contribution> contributions) {
        double[] mean = change(rule, new float[size], contributions);
        float[] rounded = new float[size];
        for (int i = 0; i < size; i++) {
            rounded[i] = (float) mean[i];
        }
        return rounded;
    }

    private static List<Contribution> ordered(int size, List<Contribution> contributions) {
        List<Contribution> ordered = contributions.stream()
                .sorted(Comparator.comparingInt(Contribution::shard))
                .toList();
        for (int s = 0; s < ordered.size(); s++) {
            Contribution c = ordered.get(s);
            if (c.values().length != size) {
                throw new IllegalArgumentException("Cannot average: shard %d returned %d values instead of %d"
                        .formatted(c.shard(), c.values().length, size));
            }
            if (s > 0 && ordered.get(s - 1).shard() == c.shard()) {
                throw new IllegalArgumentException("Cannot average: shard %d returned twice".formatted(c.shard()));
            }
        }
        return ordered;
    }
}
