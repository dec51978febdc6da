package io.sparkpeft.average;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Weighted means summed in shard order in double: the same bits whatever order results arrive in, on any number of
 * executors, of the whole vector or of ranges of it. Works block by block, all shards for a block that fits in the
 * nearest cache, so that every value is read from memory once and sums never leave the cache.
 */
public final class OrderedMean {
    private static final int BLOCK = 1024;

    private OrderedMean() {}

    /**
     * The mean change Σ_s w_s·(values_s − start), or 0 where no shard saw an example. Differences are taken in double,
     * where they are exact but for changes by many orders of magnitude.
     *
     * @param start values that all shards started from
     * @param contributions in any order, of distinct shards
     */
    public static double[] change(AveragingRule rule, FloatBuffer start, List<Contribution> contributions) {
        double[] change = new double[start.limit()];
        sum(
                rule,
                start.limit(),
                start,
                contributions,
                (sums, from, count) -> System.arraycopy(sums, 0, change, from, count));
        return change;
    }

    /** As {@link #change(AveragingRule, FloatBuffer, List)}. */
    public static double[] change(AveragingRule rule, float[] start, List<Contribution> contributions) {
        return change(rule, FloatBuffer.wrap(start), contributions);
    }

    /** The mean Σ_s w_s·values_s, for moments. */
    public static float[] values(AveragingRule rule, int size, List<Contribution> contributions) {
        float[] rounded = new float[size];
        sum(rule, size, FloatBuffer.allocate(0), contributions, (sums, from, count) -> {
            for (int i = 0; i < count; i++) {
                rounded[from + i] = (float) sums[i];
            }
        });
        return rounded;
    }

    /** Takes the sums of the entries from {@code from} on. */
    private interface Target {
        void put(double[] sums, int from, int count);
    }

    /** @param start what is taken from all values; empty for nothing */
    private static void sum(
            AveragingRule rule, int size, FloatBuffer start, List<Contribution> contributions, Target target) {
        List<Contribution> ordered = ordered(size, contributions);
        double[] weights = rule.weights(ordered);
        double[] sums = new double[BLOCK];
        double[] base = new double[BLOCK];
        float[] block = new float[BLOCK];
        for (int from = 0; from < size; from += BLOCK) {
            int count = Math.min(BLOCK, size - from);
            if (start.limit() > 0) {
                start.get(from, block, 0, count);
                for (int i = 0; i < count; i++) {
                    base[i] = block[i];
                }
            }
            Arrays.fill(sums, 0, count, 0);
            for (int s = 0; s < weights.length; s++) {
                if (weights[s] > 0) {
                    ordered.get(s).values().get(from, block, 0, count);
                    add(weights[s], block, base, sums, count);
                }
            }
            target.put(sums, from, count);
        }
    }

    private static void add(double weight, float[] values, double[] base, double[] sums, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += weight * (values[i] - base[i]);
        }
    }

    private static List<Contribution> ordered(int size, List<Contribution> contributions) {
        List<Contribution> ordered = contributions.stream()
                .sorted(Comparator.comparingInt(Contribution::shard))
                .toList();
        for (int s = 0; s < ordered.size(); s++) {
            Contribution c = ordered.get(s);
            if (c.values().limit() != size) {
                throw new IllegalArgumentException("Cannot average: shard %d returned %d values instead of %d"
                        .formatted(c.shard(), c.values().limit(), size));
            }
            if (s > 0 && ordered.get(s - 1).shard() == c.shard()) {
                throw new IllegalArgumentException("Cannot average: shard %d returned twice".formatted(c.shard()));
            }
        }
        return ordered;
    }
}
