package io.sparkpeft.dl4j.network;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What a MultiLayerNetwork and a ComputationGraph have in common. Serves one thread at a time. */
public sealed interface Network permits LayerNetwork, GraphNetwork {
    /** The network itself. */
    org.deeplearning4j.nn.api.Model model();

    /** Its configuration as DL4J writes it. */
    String configuration();

    /** Its parts with weights, in any order. */
    List<Part> parts();

    /** All weights, [1, n], live. */
    INDArray parameters();

    /** The gradient that {@link #differentiate} left, [1, n], live. */
    INDArray gradient();

    /**
     * Forward and backward as in training.
     *
     * @return the mean loss of an example, regularisation left out; the gradient is that of the sum
     */
    double differentiate(MultiDataSet batch);

    /** Mean loss of an example without dropout, regularisation left out. */
    double loss(MultiDataSet batch);

    /** A copy of all weights. */
    default float[] weights() {
        float[] weights = new float[Math.toIntExact(parameters().length())];
        Floats.memory(parameters()).get(0, weights);
        return weights;
    }

    /** Replaces all weights. */
    default void setWeights(float[] weights) {
        Floats.memory(parameters()).put(0, weights);
    }

    default boolean isGraph() {
        return this instanceof GraphNetwork;
    }

    /** What the network says of each example, by output. */
    INDArray[] outputs(MultiDataSet batch);

    /** The loss of each example without dropout. */
    float[] losses(MultiDataSet batch);

    /** Iterations that the network has been trained for, as listeners and schedules count them. */
    int iteration();

    void setIteration(int iteration);

    /** Epochs that the network has been trained for. */
    int epoch();

    void setEpoch(int epoch);

    /**
     * Does something while the network shows what listeners ask it for: a batch of so many examples and the update that
     * it led to.
     */
    void afterBatch(int examples, Gradient update, Runnable action);

    static Network of(MultiLayerNetwork network) {
        return new LayerNetwork(network);
    }

    static Network of(ComputationGraph network) {
        return new GraphNetwork(network);
    }

    /**
     * A new network.
     *
     * @param graph whether it is a ComputationGraph
     * @param configuration in JSON
     * @param parameters [1, n], taken over
     */
    static Network read(boolean graph, String configuration, INDArray parameters) {
        if (graph) {
            ComputationGraph network = new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
            network.init(parameters, false);
            return of(network);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(configuration));
        network.init(parameters, false);
        return of(network);
    }
}
