package io.sparkpeft.dl4j.network;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer, or a vertex with weights of its own.
 *
 * @param name the layer's number in a MultiLayerNetwork, the vertex's name in a ComputationGraph
 * @param trainable where its weights are
 * @param layer the layer; empty where a vertex has weights without one
 */
record Part(String name, Trainable trainable, Optional<Layer> layer) {
    /** Whether DL4J itself leaves the weights as they are. */
    boolean isFrozen() {
        return layer.map(l -> l instanceof FrozenLayer || l instanceof FrozenLayerWithBackprop)
                .orElse(false);
    }

    /** Whether a tensor is a matrix or a kernel; biases and normalisation weights are not. */
    boolean isWeight(String key, INDArray view) {
        boolean declared = layer.map(l -> {
                    var configuration = l.conf().getLayer();
                    return configuration.initializer().isWeightParam(configuration, key);
                })
                .orElse(true);
        return declared && view.rank() >= 2;
    }
}
