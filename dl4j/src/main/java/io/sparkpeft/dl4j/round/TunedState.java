package io.sparkpeft.dl4j.round;

import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.optim.OptimizerState;

/**
 * What one call of fit leaves to the next.
 *
 * @param masks of the network
 * @param moments of the optimiser; none where they are not kept
 * @param step local steps that every worker made so far
 */
public record TunedState(Masks masks, OptimizerState moments, long step) {}
