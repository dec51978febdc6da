package io.sparkpeft.dl4j.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.checkpoint.Checkpoint;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** A transformer inside a stock ComputationGraph. */
class TransformerLayerTest {
    private static final int EXAMPLES = 6;

    private static ComputationGraph graph(boolean language) {
        return language ? Transformers.languageModel(new Sgd(0.1)) : Transformers.classifier(0, new Sgd(0.1));
    }

    private static TransformerLayer layer(ComputationGraph graph) {
        return ((TransformerComputation) graph.getLayer("transformer")).layerConf();
    }

    /** Sum of the gradients over the examples, and the mean loss of an example. */
    private static double differentiate(ComputationGraph graph, MultiDataSet batch) {
        graph.setInputs(batch.getFeatures());
        graph.setLabels(batch.getLabels());
        graph.setLayerMaskArrays(batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
        graph.computeGradientAndScore();
        graph.clearLayerMaskArrays();
        return graph.score();
    }

    /** The same sequences as the engine has them. */
    private static TokenBatch packed(boolean language) {
        int rows = 0;
        int[] offsets = new int[EXAMPLES + 1];
        for (int e = 0; e < EXAMPLES; e++) {
            rows += Transformers.length(e);
            offsets[e + 1] = rows;
        }
        int[] tokens = new int[rows];
        int[] labels = new int[language ? rows : EXAMPLES];
        for (int e = 0; e < EXAMPLES; e++) {
            for (int p = 0; p < Transformers.length(e); p++) {
                tokens[offsets[e] + p] = Transformers.token(e, p);
                if (language) {
                    labels[offsets[e] + p] = p < 2 ? -1 : Transformers.token(e, p - 2);
                }
            }
            if (!language) {
                labels[e] = Transformers.label(e);
            }
        }
        Objective objective = language ? Objective.CAUSAL_LM : Objective.SEQUENCE_CLASSIFICATION;
        return new TokenBatch(objective, tokens, new int[0], offsets, labels, new long[0]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lossAndGradientAreTheEnginesOwn(boolean language) {
        ComputationGraph graph = graph(language);
        double loss = differentiate(graph, Transformers.batch(EXAMPLES, language));
        float[] gradient = graph.getGradientsViewArray().toFloatVector();

        ModelDefinition definition = layer(graph).definition();
        ParameterLayout layout = definition.layout();
        Parameters weights = Parameters.zeros(layout);
        float[] flat = graph.params().toFloatVector();
        for (int t = 0; t < layout.count(); t++) {
            System.arraycopy(flat, (int) layout.offset(t), weights.tensor(t), 0, weights.tensor(t).length);
        }
        Backend backend = BackendProvider.create("cpu");
        try (TransformerModel model = new TransformerModel(definition, backend, weights)) {
            FlatGradient expected = new FlatGradient(layout, backend);
            BatchLoss engine = model.lossAndGradient(packed(language), 1, expected);
            // DL4J's loss of a series is the sum over its steps, divided by the examples.
            assertThat(loss * EXAMPLES).isCloseTo(engine.sum(), within(1e-4));
            assertThat(gradient).hasSameSizeAs(expected.values());
            for (int i = 0; i < gradient.length; i++) {
                assertThat(gradient[i]).as("weight %d", i).isCloseTo(expected.values()[i], within(2e-5f));
            }
            assertThat(gradient).isNotEqualTo(new float[gradient.length]);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsAgreeWithFiniteDifferences(boolean language) {
        ComputationGraph graph = graph(language);
        MultiDataSet batch = Transformers.batch(EXAMPLES, language);
        differentiate(graph, batch);
        float[] gradient = graph.getGradientsViewArray().toFloatVector();
        INDArray weights = graph.params();
        float step = 1e-2f;
        for (int i = 0; i < gradient.length; i += 97) {
            float old = weights.getFloat(i);
            weights.putScalar(i, old + step);
            double up = differentiate(graph, batch);
            weights.putScalar(i, old - step);
            double down = differentiate(graph, batch);
            weights.putScalar(i, old);
            double expected = (up - down) / (2 * step) * EXAMPLES;
            assertThat((double) gradient[i])
                    .as("weight %d", i)
                    .isCloseTo(expected, within(2e-2 + 0.02 * Math.abs(expected)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void modelSerializerKeepsIt(boolean language, @TempDir Path directory) throws IOException {
        ComputationGraph graph = graph(language);
        Path file = directory.resolve("graph.zip");
        ModelSerializer.writeModel(graph, file.toFile(), true);
        ComputationGraph loaded = ModelSerializer.restoreComputationGraph(file.toFile());
        assertThat(loaded.params()).isEqualTo(graph.params());
        MultiDataSet batch = Transformers.batch(EXAMPLES, language);
        INDArray[] expected = graph.output(false, batch.getFeatures(), batch.getFeaturesMaskArrays());
        INDArray[] outputs = loaded.output(false, batch.getFeatures(), batch.getFeaturesMaskArrays());
        assertThat(outputs[0]).isEqualTo(expected[0]);
        assertThat(differentiate(loaded, batch)).isEqualTo(differentiate(graph, batch));
        String json = graph.getConfiguration().toJson();
        assertThat(ComputationGraphConfiguration.fromJson(json).toJson()).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dl4jsOwnFitLearns(boolean language) {
        ComputationGraph graph =
                language ? Transformers.languageModel(new Adam(0.01)) : Transformers.classifier(0.1, new Adam(0.01));
        MultiDataSet batch = Transformers.batch(40, language);
        double before = graph.score(batch, false);
        for (int step = 0; step < 40; step++) {
            graph.fit(batch);
        }
        assertThat(graph.score(batch, false)).isLessThan(before / 2);
    }

    @Test
    void paddingMakesNoDifference() {
        ComputationGraph graph = graph(false);
        MultiDataSet one = Transformers.examples(2, false).get(1);
        int length = Transformers.length(1);
        INDArray tokens = Nd4j.create(1, length);
        for (int p = 0; p < length; p++) {
            tokens.putScalar(0, p, Transformers.token(1, p));
        }
        INDArray[] padded = graph.output(false, one.getFeatures(), one.getFeaturesMaskArrays());
        assertThat(graph.output(tokens)[0]).isEqualTo(padded[0]);
        // Negative numbers say the same as a mask.
        assertThat(graph.output(one.getFeatures(0))[0]).isEqualTo(padded[0]);
        INDArray hole = Nd4j.create(new float[][] {{3, -1, 4}});
        assertThatThrownBy(() -> graph.output(hole)).hasMessageContaining("example 0 has padding before token 2");
    }

    @Test
    void checkpointsAreTakenOver() throws IOException {
        ComputationGraph graph = graph(true);
        TransformerComputation layer = (TransformerComputation) graph.getLayer("transformer");
        Parameters other = layer(graph).checkpoint().load(99).parameters();
        layer.load(other);
        ParameterLayout layout = other.layout();
        float[] flat = graph.params().toFloatVector();
        for (int t = 0; t < layout.count(); t++) {
            int from = (int) layout.offset(t);
            assertThat(Arrays.copyOfRange(flat, from, from + other.tensor(t).length))
                    .isEqualTo(other.tensor(t));
        }
        Checkpoint classifier =
                new TransformerLayer(Transformers.LLAMA, Objective.SEQUENCE_CLASSIFICATION, 2).checkpoint();
        Parameters unfit = classifier.load(1).parameters();
        assertThatThrownBy(() -> layer.load(unfit)).hasMessageContaining("of another model than the layer");
    }

    @Test
    void wrongConfigurationsAreRefused() {
        assertThatThrownBy(() -> new TransformerLayer("{}", Objective.CAUSAL_LM, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot make a transformer layer");
        assertThatThrownBy(() -> new TransformerLayer(Transformers.bert(0), Objective.CAUSAL_LM, 0))
                .hasMessageContaining("Cannot use config.json of a transformer layer for CAUSAL_LM");
    }
}
