package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.dl4j.finetune.table.NetworkData;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Finds out how many numbers a network takes and how many classes it tells apart. */
final class NetworkShape {
    private final Network network;
    private final String place;

    private NetworkShape(Network network, String place) {
        this.network = network;
        this.place = place;
    }

    /** @throws JobException if the network is no classifier of rows of numbers */
    static NetworkData.Shape of(Network network, String place) {
        return new NetworkShape(network, place).find();
    }

    private NetworkData.Shape find() {
        int inputs = network.model() instanceof MultiLayerNetwork layers
                ? inputs(layers.getLayer(0), layers.getLayerWiseConfigurations().getInputPreProcess(0))
                : inputs((ComputationGraph) network.model());
        INDArray[] outputs = outputs(inputs);
        if (outputs.length != 1 || outputs[0].rank() != 2 || outputs[0].size(1) < 2) {
            throw JobException.input(
                    "Cannot tune %s: it is no classifier with one output of two classes or more".formatted(place));
        }
        return new NetworkData.Shape(inputs, Math.toIntExact(outputs[0].size(1)));
    }

    private int inputs(ComputationGraph graph) {
        List<String> names = graph.getConfiguration().getNetworkInputs();
        if (names.size() != 1) {
            throw JobException.input("Cannot tune %s: it has %d inputs (%s), a table is one"
                    .formatted(place, names.size(), String.join(", ", names)));
        }
        for (GraphVertex vertex : graph.getVertices()) {
            for (VertexIndices input :
                    vertex.getInputVertices() == null ? new VertexIndices[0] : vertex.getInputVertices()) {
                if (graph.getVertices()[input.getVertexIndex()].isInputVertex() && vertex.hasLayer()) {
                    InputPreProcessor before =
                            vertex instanceof org.deeplearning4j.nn.graph.vertex.impl.LayerVertex layer
                                    ? layer.getLayerPreProcessor()
                                    : null;
                    return inputs(vertex.getLayer(), before);
                }
            }
        }
        throw JobException.input("Cannot tune %s: no layer reads its input".formatted(place));
    }

    private int inputs(Layer first, InputPreProcessor before) {
        if (before instanceof FeedForwardToCnnPreProcessor flat) {
            return Math.toIntExact(flat.getInputHeight() * flat.getInputWidth() * flat.getNumChannels());
        }
        if (first.conf().getLayer() instanceof FeedForwardLayer layer && !(layer instanceof ConvolutionLayer)) {
            return Math.toIntExact(layer.getNIn());
        }
        throw JobException.input("Cannot tune %s: its first layer, %s, takes no rows of numbers"
                .formatted(place, first.conf().getLayer().getClass().getSimpleName()));
    }

    private INDArray[] outputs(int inputs) {
        try {
            return network.outputs(new MultiDataSet(Nd4j.zeros(1, inputs), Nd4j.zeros(1, 1)));
        } catch (RuntimeException e) {
            throw new JobException(
                    FailureKind.INPUT,
                    "Cannot tune %s: it takes no rows of %d numbers (%s)".formatted(place, inputs, e.getMessage()),
                    e);
        }
    }
}
