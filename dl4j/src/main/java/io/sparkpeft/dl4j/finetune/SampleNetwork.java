package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.datasets.sample.SampleLayout;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.store.file.Storage;
import java.util.Locale;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A small world to try things out on: points in eight dimensions, of three kinds by their distance from the origin, a
 * network that was trained on them, and tables of points that lie elsewhere.
 */
final class SampleNetwork {
    /** What there is to read in it. */
    static final SampleLayout LAYOUT = new SampleLayout(Set.of("network.zip", "train.csv", "dev.csv", "test.csv"));

    private static final int INPUTS = 8;
    private static final String[] KINDS = {"near", "far", "farther"};
    private static final double[] BOUNDS = {2.45, 3.0};
    private static final int HIDDEN = 48;
    private static final int EXAMPLES = 1500;
    private static final int BATCH = 50;
    private static final int EPOCHS = 20;
    private static final double SHIFT = 0.8;

    private SampleNetwork() {}

    /** Writes what {@link #LAYOUT} names; the same weights and numbers every time. */
    static void write(Storage directory) {
        directory.replace("network.zip", NetworkZip.bytes(Network.of(trained())));
        directory.replace("train.csv", table(1, EXAMPLES));
        directory.replace("dev.csv", table(2, EXAMPLES / 3));
        directory.replace("test.csv", table(3, EXAMPLES / 3));
    }

    private static MultiLayerNetwork trained() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.005))
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(INPUTS).nOut(HIDDEN).build())
                .layer(new DenseLayer.Builder().nIn(HIDDEN).nOut(HIDDEN).build())
                .layer(new OutputLayer.Builder()
                        .nIn(HIDDEN)
                        .nOut(KINDS.length)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            for (int from = 0; from < EXAMPLES; from += BATCH) {
                network.fit(batch(from));
            }
        }
        return network;
    }

    private static DataSet batch(int from) {
        INDArray features = Nd4j.create(BATCH, INPUTS);
        INDArray labels = Nd4j.create(BATCH, KINDS.length);
        for (int i = 0; i < BATCH; i++) {
            float[] point = point(0, from + i);
            features.putRow(i, Nd4j.create(point));
            labels.putScalar(i, kind(point), 1);
        }
        return new DataSet(features, labels);
    }

    private static float[] point(long set, int index) {
        float[] point = new float[INPUTS];
        for (int c = 0; c < INPUTS; c++) {
            point[c] = (float) CounterRandom.normal(set, (long) index * INPUTS + c);
        }
        return point;
    }

    private static int kind(float[] point) {
        double squares = 0;
        for (float x : point) {
            squares += x * x;
        }
        double distance = Math.sqrt(squares);
        return distance < BOUNDS[0] ? 0 : distance < BOUNDS[1] ? 1 : 2;
    }

    /** Points of the other domain: every other coordinate is moved. */
    private static String table(long set, int count) {
        StringBuilder table = new StringBuilder("a,b,c,d,e,f,g,h,kind\n");
        for (int i = 0; i < count; i++) {
            float[] point = point(set, i);
            for (int c = 0; c < INPUTS; c++) {
                double moved = point[c] + (c % 2 == 0 ? SHIFT : 0);
                table.append(String.format(Locale.ROOT, "%.5f,", moved));
            }
            table.append(KINDS[kind(point)]).append('\n');
        }
        return table.toString();
    }
}
