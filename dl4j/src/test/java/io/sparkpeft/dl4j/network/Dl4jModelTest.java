package io.sparkpeft.dl4j.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.random.CounterRandom;
import java.util.List;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** A DL4J network behind the engine's model interface. */
class Dl4jModelTest {
    private static final int CLASSES = 3;

    private static MultiLayerNetwork network(NeuralNetConfiguration.Builder builder) {
        MultiLayerNetwork network = new MultiLayerNetwork(builder.list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nIn(5)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static NeuralNetConfiguration.Builder builder(IUpdater updater) {
        return new NeuralNetConfiguration.Builder().seed(3).updater(updater);
    }

    private static Dl4jModel model(MultiLayerNetwork network, Dl4jModel.Mode mode) {
        Network wrapped = Network.of(network);
        return new Dl4jModel(wrapped, NetworkLayout.of(wrapped, List.of()), BackendProvider.create("cpu"), mode);
    }

    private static ExampleBatch batch(int examples) {
        List<MultiDataSet> parts = new java.util.ArrayList<>();
        for (int e = 0; e < examples; e++) {
            INDArray input = Nd4j.create(1, 4);
            for (int c = 0; c < 4; c++) {
                input.putScalar(0, c, CounterRandom.normal(9, e * 4L + c));
            }
            INDArray label = Nd4j.create(1, CLASSES);
            label.putScalar(0, e % CLASSES, 1);
            parts.add(new DataSet(input, label).toMultiDataSet());
        }
        return ExampleBatch.of(parts, 1);
    }

    /** Adds up, or adds up the squares of, whatever comes. */
    private static final class Sum implements GradientSink {
        private final Dl4jModel model;
        private final boolean squares;
        private final float[] sum;

        Sum(Dl4jModel model, boolean squares) {
            this.model = model;
            this.squares = squares;
            this.sum = new float[(int) model.layout().size()];
        }

        @Override
        public boolean wants(int tensor) {
            return true;
        }

        @Override
        public boolean perExample() {
            return squares;
        }

        @Override
        public void accept(int tensor, int example, Tensor gradient) {
            float[] values = new float[gradient.size()];
            model.backend().download(gradient, values, 0);
            for (int i = 0; i < values.length; i++) {
                sum[(int) model.layout().offset(tensor) + i] += squares ? values[i] * values[i] : values[i];
            }
        }

        @Override
        public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
            throw new AssertionError("A DL4J network has no rows to give");
        }
    }

    private static MaskIndex all(Dl4jModel model) {
        return new MaskIndex(ParameterMask.all(model.layout(), TensorRole.values()));
    }

    @Test
    void gradientsAgreeWithFiniteDifferences() {
        Dl4jModel model = model(network(builder(new Sgd(1))), Dl4jModel.Mode.training(false));
        ExampleBatch batch = batch(7);
        Sum sink = new Sum(model, false);
        double loss = model.lossAndGradient(batch, 1f / 7, sink).mean();
        assertThat(loss).isCloseTo(model.loss(batch).mean(), within(1e-6));
        MaskIndex all = all(model);
        float[] weights = model.read(all);
        float step = 1e-2f;
        for (int i = 0; i < weights.length; i += 3) {
            float[] moved = weights.clone();
            moved[i] += step;
            model.write(all, moved);
            double up = model.loss(batch).mean();
            moved[i] = weights[i] - step;
            model.write(all, moved);
            double down = model.loss(batch).mean();
            assertThat(sink.sum[i]).as("weight %d", i).isCloseTo((float) ((up - down) / (2 * step)), within(2e-3f));
        }
    }

    @Test
    void gradientsOfExamplesAddUpToTheBatchs() {
        Dl4jModel model = model(network(builder(new Sgd(1))), Dl4jModel.Mode.importance(1));
        Sum whole = new Sum(model, false);
        model.lossAndGradient(batch(6), 1, whole);
        float[] weights = {1, 1, 1, 1, 1, 1};
        Sum parts = new Sum(model, false);
        model.lossAndGradient(batch(6), weights, parts);
        for (int i = 0; i < whole.sum.length; i++) {
            assertThat(parts.sum[i]).isCloseTo(whole.sum[i], within(1e-5f));
        }
    }

    @Test
    void squaresAreOfExamplesOrOfGroups() {
        MultiLayerNetwork network = network(builder(new Sgd(1)));
        Dl4jModel single = model(network, Dl4jModel.Mode.importance(1));
        Dl4jModel whole = model(network, Dl4jModel.Mode.importance(6));
        Sum fisher = new Sum(single, true);
        Sum group = new Sum(whole, true);
        Sum gradient = new Sum(whole, false);
        single.lossAndGradient(batch(6), 1, fisher);
        whole.lossAndGradient(batch(6), 1, group);
        whole.lossAndGradient(batch(6), 1, gradient);
        for (int i = 0; i < fisher.sum.length; i++) {
            assertThat(group.sum[i]).isCloseTo(gradient.sum[i] * gradient.sum[i] / 6, within(1e-5f));
            // (Σ g)² ≤ n Σ g².
            assertThat(group.sum[i]).isLessThanOrEqualTo(fisher.sum[i] + 1e-6f);
        }
    }

    @Test
    void tensorsAreThoseOfTheFlatVector() {
        MultiLayerNetwork network = network(builder(new Sgd(1)));
        Dl4jModel model = model(network, Dl4jModel.Mode.training(false));
        assertThat(model.layout().tensor(0).name()).isEqualTo("0_W");
        assertThat(model.layout().tensor(0).kind()).isEqualTo(TensorKind.LINEAR);
        assertThat(model.layout().tensor(0).shape()).containsExactly(5, 4);
        assertThat(model.layout().tensor(1).kind()).isEqualTo(TensorKind.VECTOR);
        assertThat(model.read(all(model))).isEqualTo(network.params().toFloatVector());
        float[] other = new float[(int) model.layout().size()];
        other[model.layout().tensor(0).columns()] = 5;
        model.write(all(model), other);
        // Row 1 of the memory is output 1; DL4J says [inputs, outputs].
        assertThat(network.getParam("0_W").getFloat(0, 1)).isEqualTo(5f);
    }

    @Test
    void labelsAreReplaced() {
        Dl4jModel model = model(network(builder(new Sgd(1))), Dl4jModel.Mode.importance(1));
        assertThat(model.withLabel(batch(4), 2).label(1)).isEqualTo(2);
        assertThat(model.predict(batch(4)).probabilities()).hasDimensions(4, CLASSES);
        int[] counts = new int[CLASSES];
        for (int seed = 0; seed < 60; seed++) {
            counts[model.sampleLabels(batch(1), seed).label(0)]++;
        }
        float[] expected = model.predict(batch(1)).probabilities()[0];
        for (int c = 0; c < CLASSES; c++) {
            assertThat(counts[c] / 60f).isCloseTo(expected[c], within(0.25f));
        }
        assertThatThrownBy(() -> model.withLabel(batch(1), 3)).hasMessage("Invalid label: 3, of 3 classes");
    }

    @Test
    void whatTheEngineWouldDoOtherwiseIsRefused() {
        refused(builder(new AdaDelta()), "Cannot train with updater AdaDelta");
        refused(builder(new Sgd(0.1)).biasUpdater(new Sgd(0.2)), "weights 0_W have updater");
        refused(builder(new Sgd(0.1)).weightDecay(0.1), "with weight decay");
        refused(
                builder(new Sgd(0.1)).gradientNormalization(GradientNormalization.ClipL2PerLayer),
                "gradient normalisation ClipL2PerLayer");
        refused(builder(new Sgd(0.1)).miniBatch(false), "summed losses");
        refused(builder(new Sgd(0.1)).dataType(DataType.DOUBLE), "its data type must be FLOAT");
        assertThatThrownBy(() -> NetworkLayout.of(Network.of(network(builder(new Sgd(1)))), List.of("7")))
                .hasMessageContaining("Invalid head: 7 (layers with weights: 0, 1)");
        MultiLayerNetwork truncated = network(builder(new Sgd(1)));
        truncated.getLayerWiseConfigurations().setBackpropType(BackpropType.TruncatedBPTT);
        assertThatThrownBy(() -> Network.of(truncated)).hasMessageContaining("truncated backpropagation");
    }

    private static void refused(NeuralNetConfiguration.Builder builder, String sentence) {
        Network network = Network.of(network(builder));
        assertThatThrownBy(() -> {
                    Dl4jModel model = model((MultiLayerNetwork) network.model(), Dl4jModel.Mode.training(true));
                    NetworkOptimizer.of(NetworkLayout.of(network, List.of()));
                    model.close();
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }
}
