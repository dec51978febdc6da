package io.sparkpeft.optim;

import io.sparkpeft.compute.MaskVector;

/**
 * What an optimiser works on, where the backend keeps it.
 *
 * @param values the tuned weights
 * @param gradient of the mean loss by each
 * @param first moment; empty where the optimiser has none
 * @param second moment; empty where the optimiser has none
 */
public record StepVectors(MaskVector values, MaskVector gradient, MaskVector first, MaskVector second) {}
