package io.sparkpeft.dl4j.round;

import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.replica.CarriedWeights;
import io.sparkpeft.optim.OptimizerState;

/**
 * One call of fit between two rounds: what all other weights are follows from those it started from and the masks.
 *
 * @param rounds made
 * @param masks of the network
 * @param values the {@link CarriedWeights}
 * @param moments of the optimiser; none where they are not kept
 */
record FitCheckpoint(int rounds, Masks masks, float[] values, OptimizerState moments) {}
