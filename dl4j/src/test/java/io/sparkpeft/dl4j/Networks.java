package io.sparkpeft.dl4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** Small networks of every kind of layer that is tested. */
final class Networks {
    private Networks() {}

    private static NeuralNetConfiguration.Builder builder(IUpdater updater) {
        return new NeuralNetConfiguration.Builder().seed(7).updater(updater).activation(Activation.TANH);
    }

    /** 4 – 16 – 16 – 3. */
    static MultiLayerConfiguration dense(IUpdater updater) {
        return dense(builder(updater));
    }

    static MultiLayerConfiguration regularised(IUpdater updater) {
        return dense(builder(updater).l2(0.01).l1(0.001));
    }

    static MultiLayerConfiguration dropout(IUpdater updater) {
        return dense(builder(updater).dropOut(0.8));
    }

    private static MultiLayerConfiguration dense(NeuralNetConfiguration.Builder builder) {
        return builder.list()
                .layer(new DenseLayer.Builder().nIn(Samples.INPUTS).nOut(16).build())
                .layer(new DenseLayer.Builder().nIn(16).nOut(16).build())
                .layer(output(16))
                .build();
    }

    /** All that might depend on who computes: dropout, running statistics, two moments. */
    static MultiLayerConfiguration mixed() {
        return normalised(builder(new Adam(0.01)).dropOut(0.8));
    }

    static MultiLayerConfiguration normalised(IUpdater updater) {
        return normalised(builder(updater));
    }

    private static MultiLayerConfiguration normalised(NeuralNetConfiguration.Builder builder) {
        return builder.list()
                .layer(new DenseLayer.Builder().nIn(Samples.INPUTS).nOut(16).build())
                .layer(new BatchNormalization.Builder().nIn(16).nOut(16).build())
                .layer(output(16))
                .build();
    }

    static MultiLayerConfiguration convolutional(IUpdater updater) {
        return builder(updater)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(6).build())
                .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(output(54))
                .setInputType(InputType.convolutional(8, 8, 1))
                .build();
    }

    static MultiLayerConfiguration recurrent(IUpdater updater) {
        return builder(updater)
                .list()
                .layer(new LSTM.Builder().nIn(Samples.INPUTS).nOut(8).build())
                .layer(new RnnOutputLayer.Builder()
                        .nIn(8)
                        .nOut(Samples.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    static MultiLayerConfiguration sameDiff(IUpdater updater) {
        return builder(updater)
                .list()
                .layer(new SameDiffDense(Samples.INPUTS, 16))
                .layer(output(16))
                .build();
    }

    /** Two ways from the input to the output, added up. */
    static ComputationGraphConfiguration graph(IUpdater updater) {
        return builder(updater)
                .graphBuilder()
                .addInputs("flower")
                .addLayer(
                        "left",
                        new DenseLayer.Builder().nIn(Samples.INPUTS).nOut(12).build(),
                        "flower")
                .addLayer(
                        "right",
                        new DenseLayer.Builder().nIn(Samples.INPUTS).nOut(12).build(),
                        "flower")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
                .addLayer("kind", output(12), "sum")
                .setOutputs("kind")
                .build();
    }

    /** The measures in two halves, and two outputs that tell the kind. */
    static ComputationGraphConfiguration twoByTwo(IUpdater updater) {
        int half = Samples.INPUTS / 2;
        return builder(updater)
                .graphBuilder()
                .addInputs("first", "last")
                .addLayer("left", new DenseLayer.Builder().nIn(half).nOut(12).build(), "first")
                .addLayer("right", new DenseLayer.Builder().nIn(half).nOut(12).build(), "last")
                .addVertex("both", new MergeVertex(), "left", "right")
                .addLayer("kind", output(24), "both")
                .addLayer("guess", output(12), "right")
                .setOutputs("kind", "guess")
                .build();
    }

    private static OutputLayer output(int inputs) {
        return new OutputLayer.Builder()
                .nIn(inputs)
                .nOut(Samples.CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }
}
