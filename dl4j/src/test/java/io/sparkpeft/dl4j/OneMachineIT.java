package io.sparkpeft.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** What DL4J does on one machine is what the training master comes to where it should be the same. */
class OneMachineIT {
    private static final int BATCH = 8;
    private static LocalSpark spark;

    @BeforeAll
    static void start() {
        spark = new LocalSpark(2);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    private static MaskedAveragingBuilder plain() {
        return MaskedAveragingTrainingMaster.builder().shuffle(false).batchSizePerWorker(BATCH);
    }

    private static float[] tuned(MultiLayerConfiguration network, MaskedAveragingBuilder master, int partitions) {
        SparkDl4jMultiLayer tuned = new SparkDl4jMultiLayer(spark.context(), network.clone(), master.build());
        tuned.fit(spark.context().parallelize(Samples.flowers(48, 1), partitions));
        return tuned.getNetwork().params().toFloatVector();
    }

    private static float[] fitted(MultiLayerConfiguration configuration, List<DataSet> batches) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
        network.init();
        batches.forEach(network::fit);
        return network.params().toFloatVector();
    }

    private static List<DataSet> batches(List<DataSet> examples, int size) {
        return DataSet.merge(examples).batchBy(size);
    }

    private static void close(float[] values, float[] expected, float tolerance) {
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i])
                    .as("weight %d", i)
                    .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(tolerance));
        }
    }

    @Test
    void oneWorkerThatTunesAllWeightsIsPlainGradientDescentBitForBit() {
        MultiLayerConfiguration network = Networks.dense(new Sgd(0.1));
        assertThat(tuned(network, plain(), 1)).isEqualTo(fitted(network, batches(Samples.flowers(48, 1), BATCH)));
    }

    @Test
    void regularisationIsThatOfDl4j() {
        MultiLayerConfiguration network = Networks.regularised(new Sgd(0.1));
        float[] expected = fitted(network, batches(Samples.flowers(48, 1), BATCH));
        close(tuned(network, plain(), 1), expected, 1e-6f);
        assertThat(expected).isNotEqualTo(fitted(Networks.dense(new Sgd(0.1)), batches(Samples.flowers(48, 1), BATCH)));
    }

    @Test
    void adamIsThatOfDl4j() {
        MultiLayerConfiguration network = Networks.dense(new Adam(0.01));
        close(tuned(network, plain(), 1), fitted(network, batches(Samples.flowers(48, 1), BATCH)), 1e-5f);
    }

    @Test
    void runningStatisticsAreThoseOfDl4j() {
        MultiLayerConfiguration network = Networks.normalised(new Sgd(0.1));
        close(tuned(network, plain(), 1), fitted(network, batches(Samples.flowers(48, 1), BATCH)), 1e-6f);
    }

    @Test
    void averagingEveryStepIsTheJointBatchOnOneMachine() {
        MultiLayerConfiguration network = Networks.dense(new Sgd(0.1));
        List<DataSet> examples = Samples.flowers(48, 1);
        List<DataSet> joint = new java.util.ArrayList<>();
        for (int from = 0; from < 24; from += BATCH) {
            List<DataSet> both = new java.util.ArrayList<>(examples.subList(from, from + BATCH));
            both.addAll(examples.subList(24 + from, 24 + from + BATCH));
            joint.add(DataSet.merge(both));
        }
        close(tuned(network, plain().averagingFrequency(1), 2), fitted(network, joint), 1e-6f);
    }

    @Test
    void aGraphIsTrainedAsDl4jTrainsIt() {
        ComputationGraphConfiguration configuration = Networks.graph(new Sgd(0.1));
        ComputationGraph expected = new ComputationGraph(configuration.clone());
        expected.init();
        batches(Samples.flowers(48, 1), BATCH).forEach(expected::fit);
        SparkComputationGraph tuned =
                new SparkComputationGraph(spark.context(), configuration.clone(), plain().build());
        tuned.fitMultiDataSet(spark.context().parallelize(Samples.multi(Samples.flowers(48, 1)), 1));
        INDArray weights = tuned.getNetwork().params();
        assertThat(weights.toFloatVector()).isEqualTo(expected.params().toFloatVector());
    }
}
