package io.sparkpeft.dl4j.replica;

import io.sparkpeft.dl4j.network.Dl4jModel;

/**
 * A network on an executor, for one task at a time.
 *
 * @param model the network; between tasks only the carried weights differ from the driver's
 * @param carried which weights those are
 */
public record Replica(Dl4jModel model, CarriedWeights carried) {}
