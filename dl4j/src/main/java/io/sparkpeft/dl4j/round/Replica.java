package io.sparkpeft.dl4j.round;

import io.sparkpeft.dl4j.network.Dl4jModel;
import io.sparkpeft.param.MaskIndex;

/**
 * A network on an executor, for one task at a time.
 *
 * @param model the network; between tasks only tuned weights and running statistics differ from the driver's
 * @param update coordinates of the tuned weights
 * @param statistics coordinates of the running statistics
 */
record Replica(Dl4jModel model, MaskIndex update, MaskIndex statistics) {}
