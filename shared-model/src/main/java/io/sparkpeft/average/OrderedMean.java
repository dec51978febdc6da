package io.sparkpeft.average;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.util.List;

/**
 * The example-weighted mean of what shards with the same mask made of a round (McMahan et al. 2017, arXiv 1602.05629):
 *
 * <pre>mean(Δ) = Σ_s n_s·(values_s − start) / Σ_s n_s,   result = start + mean(Δ)</pre>
 *
 * summed in double in the order of the shards, so that the bits do not depend on which executor finished first. A single
 * shard with examples gets back exactly what it computed. Shards without examples have no say.
 */
public final class OrderedMean {
    private OrderedMean() {}

    /**
     * The mean of the updates.
     *
     * @param start the values that the round started from, [k]
     * @param updates one per shard, in shard order
     * @return mean values, mean moments where all have them, and the sum of the tallies
     */
    public static LocalUpdate of(float[] start, List<LocalUpdate> updates) {
        RoundTally tally = updates.stream().map(LocalUpdate::tally).reduce(RoundTally.ZERO, RoundTally::plus);
        List<LocalUpdate> heard =
                updates.stream().filter(u -> u.tally().examples() > 0).toList();
        if (heard.size() <= 1) {
            LocalUpdate only = heard.isEmpty() ? updates.get(0) : heard.get(0);
            return new LocalUpdate(only.values(), only.moments(), tally);
        }
        float[] values = start.clone();
        double[] sum = new double[start.length];
        for (LocalUpdate update : heard) {
            double weight = (double) update.tally().examples() / tally.examples();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * ((double) update.values()[i] - start[i]);
            }
        }
        for (int i = 0; i < sum.length; i++) {
            values[i] = (float) (start[i] + sum[i]);
        }
        return new LocalUpdate(values, moments(heard, tally), tally);
    }

    private static OptimizerState moments(List<LocalUpdate> heard, RoundTally tally) {
        if (heard.stream().anyMatch(u -> u.moments().isNone())) {
            return OptimizerState.none();
        }
        return new OptimizerState(
                mean(heard.stream().map(u -> u.moments().first()).toList(), heard, tally),
                mean(heard.stream().map(u -> u.moments().second()).toList(), heard, tally));
    }

    private static float[] mean(List<float[]> vectors, List<LocalUpdate> heard, RoundTally tally) {
        double[] sum = new double[vectors.get(0).length];
        for (int s = 0; s < vectors.size(); s++) {
            double weight = (double) heard.get(s).tally().examples() / tally.examples();
            float[] vector = vectors.get(s);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * vector[i];
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) sum[i];
        }
        return mean;
    }
}
