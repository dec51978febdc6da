package io.sparkpeft.dl4j.round;

import io.sparkpeft.param.ParameterMask;

/**
 * The masks of a network.
 *
 * @param kept prune mask P: the weights that stay
 * @param tuned update mask U ⊆ P
 */
public record Masks(ParameterMask kept, ParameterMask tuned) {}
