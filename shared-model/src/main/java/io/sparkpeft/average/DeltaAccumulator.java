package io.sparkpeft.average;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects the updates of a round's shards, in whatever order they arrive, and averages them in shard order. Holds all
 * updates until then: k·4 bytes a shard, three times that with moments.
 */
public final class DeltaAccumulator {
    private final AveragingRule rule;
    private final float[] start;
    private final Map<Integer, ShardUpdate> updates = new TreeMap<>();

    /**
     * @param start values that the round started from, [k]
     */
    public DeltaAccumulator(AveragingRule rule, float[] start) {
        this.rule = rule;
        this.start = start;
    }

    /**
     * Takes the update of one shard.
     *
     * @throws IllegalArgumentException if the shard's is there already
     */
    public void add(int shard, LocalUpdate update) {
        add(shard, ShardUpdate.of(update));
    }

    /** As {@link #add(int, LocalUpdate)}; the buffers are looked into until the average is taken. */
    public void add(int shard, ShardUpdate update) {
        if (updates.putIfAbsent(shard, update) != null) {
            throw new IllegalArgumentException("Cannot average: shard %d returned twice".formatted(shard));
        }
    }

    /** The average of all updates taken. */
    public RoundAverage average() {
        RoundTally tally = RoundTally.ZERO;
        for (ShardUpdate update : updates.values()) {
            tally = tally.plus(update.tally());
        }
        double[] change = OrderedMean.change(rule, start, contributions(0));
        return new RoundAverage(change, moments(tally), tally);
    }

    private OptimizerState moments(RoundTally tally) {
        boolean returned = updates.values().stream().allMatch(ShardUpdate::hasMoments);
        if (!returned || tally.examples() == 0) {
            return OptimizerState.none();
        }
        return new OptimizerState(
                OrderedMean.values(rule, start.length, contributions(1)),
                OrderedMean.values(rule, start.length, contributions(2)));
    }

    private List<Contribution> contributions(int vector) {
        List<Contribution> contributions = new ArrayList<>();
        updates.forEach((shard, update) -> contributions.add(new Contribution(
                shard, update.tally().examples(), update.vectors().get(vector))));
        return contributions;
    }
}
