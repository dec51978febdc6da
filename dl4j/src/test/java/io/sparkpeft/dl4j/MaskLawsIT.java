package io.sparkpeft.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.settings.TrainingSettings.Statistics;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorRole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** What masks promise, for every kind of layer. */
class MaskLawsIT {
    private static LocalSpark spark;

    @BeforeAll
    static void start() {
        spark = new LocalSpark(2);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    private static MaskedAveragingBuilder small() {
        return MaskedAveragingTrainingMaster.builder()
                .sparsity(0.3)
                .density(0.2)
                .importanceExamples(60)
                .batchSizePerWorker(10)
                .averagingFrequency(2);
    }

    private static float[] initial(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
        network.init();
        return network.params().toFloatVector();
    }

    /** Trains, and checks that pruned weights are 0, untuned weights unchanged and tuned ones not. */
    private static SparkDl4jMultiLayer obey(
            MultiLayerConfiguration configuration, MaskedAveragingTrainingMaster master, List<DataSet> data) {
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(spark.context(), configuration.clone(), master);
        network.fit(spark.context().parallelize(data, 2));
        check(initial(configuration), network.getNetwork().params().toFloatVector(), master);
        return network;
    }

    private static void check(float[] before, float[] after, MaskedAveragingTrainingMaster master) {
        Masks masks = master.masks().orElseThrow();
        ParameterLayout layout = masks.kept().layout();
        long body = layout.size(TensorRole.BODY);
        assertThat(masks.tuned().isSubsetOf(masks.kept())).isTrue();
        assertThat(masks.kept().count(TensorRole.BODY))
                .isEqualTo(body - Math.round(master.settings().masks().sparsity() * body));
        assertThat(masks.tuned().count(TensorRole.BODY))
                .isEqualTo(Math.round(master.settings().masks().density() * body));
        long changed = 0;
        for (int t = 0; t < layout.count(); t++) {
            for (int i = 0; i < layout.tensor(t).size(); i++) {
                int flat = (int) layout.offset(t) + i;
                String place = "%s[%d]".formatted(layout.tensor(t).name(), i);
                if (layout.tensor(t).role() == TensorRole.FROZEN) {
                    continue;
                }
                if (masks.tuned().contains(t, i)) {
                    changed += after[flat] == before[flat] ? 0 : 1;
                } else if (masks.kept().contains(t, i)) {
                    assertThat(after[flat]).as("untuned " + place).isEqualTo(before[flat]);
                } else {
                    assertThat(after[flat]).as("pruned " + place).isZero();
                }
            }
        }
        assertThat(changed).isGreaterThan(masks.tuned().count() / 2);
    }

    @Test
    void masksHoldForDenseLayers() {
        obey(Networks.dense(new Adam(0.01)), small().build(), Samples.flowers(120, 1));
    }

    @Test
    void masksHoldForConvolutions() {
        obey(Networks.convolutional(new Adam(0.01)), small().build(), Samples.bars(60, 2));
    }

    @Test
    void masksHoldForRecurrentLayers() {
        obey(Networks.recurrent(new Adam(0.01)), small().build(), Samples.series(60, 3));
    }

    @Test
    void masksHoldForBatchNormalisation() {
        obey(Networks.normalised(new Adam(0.01)), small().build(), Samples.flowers(120, 1));
    }

    @Test
    void masksHoldForSameDiffLayers() {
        obey(Networks.sameDiff(new Adam(0.01)), small().build(), Samples.flowers(120, 1));
    }

    @Test
    void masksHoldForGraphs() {
        MaskedAveragingTrainingMaster master = small().build();
        SparkComputationGraph graph =
                new SparkComputationGraph(spark.context(), Networks.graph(new Adam(0.01)), master);
        float[] before = graph.getNetwork().params().toFloatVector();
        graph.fit(spark.context().parallelize(Samples.flowers(120, 1), 2));
        check(before, graph.getNetwork().params().toFloatVector(), master);
    }

    @Test
    void masksHoldForGraphsOfSeveralInputsAndOutputs() {
        MaskedAveragingTrainingMaster master = small().epochs(10).build();
        SparkComputationGraph graph =
                new SparkComputationGraph(spark.context(), Networks.twoByTwo(new Adam(0.01)), master);
        var data = spark.context().parallelize(Samples.halves(Samples.flowers(120, 1)), 2);
        float[] before = graph.getNetwork().params().toFloatVector();
        double loss = graph.calculateScoreMultiDataSet(data, true);
        graph.fitMultiDataSet(data);
        check(before, graph.getNetwork().params().toFloatVector(), master);
        assertThat(graph.calculateScoreMultiDataSet(data, true)).isLessThan(0.8 * loss);
    }

    @Test
    void everyCriterionChooses() {
        for (String criterion : List.of("fisher", "fisher-expected", "gradient", "magnitude", "random")) {
            MaskedAveragingTrainingMaster master =
                    small().updateCriterion(criterion).moments(Moments.RESET).build();
            obey(Networks.dense(new Adam(0.01)), master, Samples.flowers(60, 1));
        }
    }

    @Test
    void headsAreTunedWholeAndNeverPruned() {
        MaskedAveragingTrainingMaster master = small().head("2").build();
        obey(Networks.dense(new Adam(0.01)), master, Samples.flowers(60, 1));
        Masks masks = master.masks().orElseThrow();
        for (String tensor : List.of("2_W", "2_b")) {
            assertThat(masks.tuned().isFull(masks.tuned().layout().indexOf(tensor)))
                    .isTrue();
        }
    }

    @Test
    void frozenStatisticsStay() {
        MaskedAveragingTrainingMaster master =
                small().statistics(Statistics.FREEZE).build();
        MultiLayerConfiguration configuration = Networks.normalised(new Adam(0.01));
        MultiLayerNetwork tuned =
                obey(configuration, master, Samples.flowers(60, 1)).getNetwork();
        MultiLayerNetwork before = new MultiLayerNetwork(configuration.clone());
        before.init();
        for (String key : List.of("1_mean", "1_var")) {
            assertThat(tuned.getParam(key)).isEqualTo(before.getParam(key));
        }
    }

    @Test
    void accuracyRisesAndTheResultLoadsInStockDl4j(@TempDir Path directory) throws IOException {
        MaskedAveragingTrainingMaster master = small().epochs(15).build();
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(spark.context(), Networks.dense(new Adam(0.02)), master);
        var held = spark.context().parallelize(Samples.flowers(90, 99), 2);
        double before = network.evaluate(held).accuracy();
        network.fit(spark.context().parallelize(Samples.flowers(120, 1), 2));
        double after = network.evaluate(held).accuracy();
        System.out.printf("accuracy %.3f before, %.3f after%n", before, after);
        assertThat(after).isGreaterThan(before + 0.2).isGreaterThan(0.9);

        Path file = directory.resolve("network.zip");
        ModelSerializer.writeModel(network.getNetwork(), file.toFile(), false);
        MultiLayerNetwork loaded = ModelSerializer.restoreMultiLayerNetwork(file.toFile());
        INDArray inputs = DataSet.merge(Samples.flowers(30, 5)).getFeatures();
        assertThat(loaded.output(inputs)).isEqualTo(network.getNetwork().output(inputs));
    }

    @Test
    void secondFitKeepsTheMasksAndGoesOn() {
        MaskedAveragingTrainingMaster master = small().build();
        SparkDl4jMultiLayer network = obey(Networks.dense(new Adam(0.01)), master, Samples.flowers(120, 1));
        Masks first = master.masks().orElseThrow();
        float[] between = network.getNetwork().params().toFloatVector();
        network.fit(spark.context().parallelize(Samples.flowers(120, 1), 2));
        assertThat(master.masks().orElseThrow().tuned()).isEqualTo(first.tuned());
        check(
                initial(Networks.dense(new Adam(0.01))),
                network.getNetwork().params().toFloatVector(),
                master);
        assertThat(network.getNetwork().params().toFloatVector()).isNotEqualTo(between);
        assertThat(network.getNetwork().getEpochCount()).isEqualTo(2);
    }
}
