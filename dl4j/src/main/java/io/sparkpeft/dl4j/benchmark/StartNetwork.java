package io.sparkpeft.dl4j.benchmark;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** The network that a measurement starts from: two hidden layers, as wide as so many weights need. */
final class StartNetwork {
    private static final int EXAMPLES = 4096;
    private static final int BATCH = 32;
    private static final int EPOCHS = 2;
    private static final long SEED = 3;

    private StartNetwork() {}

    /** Random weights. */
    static MultiLayerNetwork random(long weights) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(weights));
        network.init();
        return network;
    }

    /** The same trained on the domain that is not shifted, by DL4J in this process. */
    static MultiLayerNetwork pretrained(long weights) {
        MultiLayerNetwork network = random(weights);
        DataSet all = DataSet.merge(new Clouds(false).examples(EXAMPLES, SEED));
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            all.batchBy(BATCH).forEach(network::fit);
        }
        // A task of its own: nothing of the updater's past goes with the weights.
        MultiLayerNetwork start = new MultiLayerNetwork(configuration(weights));
        start.init(network.params(), true);
        return start;
    }

    private static MultiLayerConfiguration configuration(long weights) {
        double linear = Clouds.INPUTS + Clouds.KINDS + 2;
        int width = (int) Math.round((Math.sqrt(linear * linear + 4.0 * (weights - Clouds.KINDS)) - linear) / 2);
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .list()
                .layer(dense(Clouds.INPUTS, width))
                .layer(dense(width, width))
                .layer(new OutputLayer.Builder()
                        .nIn(width)
                        .nOut(Clouds.KINDS)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    private static DenseLayer dense(int inputs, int outputs) {
        return new DenseLayer.Builder()
                .nIn(inputs)
                .nOut(outputs)
                .activation(Activation.RELU)
                .build();
    }
}
