package io.sparkpeft.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.Traffic;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** Bytes of an epoch against DL4J's own training master, same network, data, batches and rounds, as Spark measures them. */
class TrafficIT {
    private static final int WORKERS = 2;
    private static final int BATCH = 10;
    private static final int STEPS = 2;
    private static final int ROUNDS = 5;

    /** About 43,000 weights. */
    private static MultiLayerConfiguration network() {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(0.005))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(Samples.INPUTS)
                        .nOut(200)
                        .activation(Activation.TANH)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nIn(200)
                        .nOut(200)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nIn(200)
                        .nOut(Samples.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    private static Traffic.Totals epoch(LocalSpark spark, Cluster cluster, TrainingMaster<?, ?> master, String name) {
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(spark.context(), network(), master);
        var data = spark.context().parallelize(Samples.flowers(WORKERS * BATCH * STEPS * ROUNDS, 1), WORKERS);
        network.fit(data);
        Traffic.Totals before = cluster.traffic().totals();
        network.fit(data);
        Traffic.Totals moved = cluster.traffic().totals().minus(before);
        double accuracy = network.evaluate(spark.context().parallelize(Samples.flowers(300, 99), 2))
                .accuracy();
        System.out.printf(
                "%s: %,d bytes down, %,d up, %,d shuffled a round; accuracy after two epochs %.3f%n",
                name,
                moved.broadcastBytes() / ROUNDS,
                moved.resultBytes() / ROUNDS,
                moved.shuffleBytes() / ROUNDS,
                accuracy);
        assertThat(accuracy).isGreaterThan(0.8);
        return moved;
    }

    @Test
    void aTenthOfTheWeightsMovesLessThanAThirdOfTheBytes() {
        try (LocalSpark spark = new LocalSpark(2)) {
            Cluster cluster = new Cluster(spark.session());
            Traffic.Totals masked = epoch(
                    spark,
                    cluster,
                    MaskedAveragingTrainingMaster.builder()
                            .density(0.1)
                            .importanceExamples(60)
                            .batchSizePerWorker(BATCH)
                            .averagingFrequency(STEPS)
                            .build(),
                    "masked averaging, density 10 %");
            Traffic.Totals averaging = epoch(
                    spark,
                    cluster,
                    new ParameterAveragingTrainingMaster.Builder(WORKERS, 1)
                            .batchSizePerWorker(BATCH)
                            .averagingFrequency(STEPS)
                            .rddTrainingApproach(RDDTrainingApproach.Direct)
                            .workerPrefetchNumBatches(0)
                            .saveUpdater(true)
                            .collectTrainingStats(false)
                            .build(),
                    "parameter averaging");
            assertThat(bytes(masked)).isLessThan(bytes(averaging) / 3);
        }
    }

    private static long bytes(Traffic.Totals totals) {
        return totals.broadcastBytes() + totals.resultBytes() + totals.shuffleBytes();
    }
}
