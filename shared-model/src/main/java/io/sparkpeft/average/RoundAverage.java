package io.sparkpeft.average;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.train.RoundTally;

/**
 * What a round's shards came to on average.
 *
 * @param change mean change of every tuned weight, [k]
 * @param moments mean moments; none where shards return none, or saw no example
 * @param tally of all shards
 */
public record RoundAverage(double[] change, OptimizerState moments, RoundTally tally) {}
