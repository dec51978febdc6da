package io.sparkpeft.metrics;

import io.sparkpeft.train.RoundTally;
import org.apache.spark.util.AccumulatorV2;

/** Mean loss of a target over the tasks that have ended, in nats, as Spark's user interface shows it. */
public final class MeanLoss extends AccumulatorV2<RoundTally, Double> {
    private static final long serialVersionUID = 1L;

    private long targets;
    private double sum;

    @Override
    public boolean isZero() {
        return targets == 0;
    }

    @Override
    public MeanLoss copy() {
        MeanLoss copy = new MeanLoss();
        copy.targets = targets;
        copy.sum = sum;
        return copy;
    }

    @Override
    public void reset() {
        targets = 0;
        sum = 0;
    }

    @Override
    public void add(RoundTally tally) {
        targets += tally.targets();
        sum += tally.lossSum();
    }

    @Override
    public void merge(AccumulatorV2<RoundTally, Double> other) {
        MeanLoss more = (MeanLoss) other;
        targets += more.targets;
        sum += more.sum;
    }

    @Override
    public Double value() {
        return targets == 0 ? Double.NaN : sum / targets;
    }
}
