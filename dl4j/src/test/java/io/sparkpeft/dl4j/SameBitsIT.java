package io.sparkpeft.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;

/** The result depends on the data, its partitions and the seed alone. */
class SameBitsIT {
    private static float[] tuned(int cores, MultiLayerConfiguration configuration) {
        try (LocalSpark spark = new LocalSpark(cores)) {
            return tuned(spark, configuration, 3);
        }
    }

    private static float[] tuned(LocalSpark spark, MultiLayerConfiguration configuration, int partitions) {
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(
                spark.context(),
                configuration.clone(),
                MaskedAveragingTrainingMaster.builder()
                        .workers(3)
                        .sparsity(0.2)
                        .density(0.3)
                        .importanceExamples(50)
                        .batchSizePerWorker(8)
                        .averagingFrequency(2)
                        .epochs(2)
                        .build());
        network.fit(spark.context().parallelize(Samples.flowers(100, 1), partitions));
        return network.getNetwork().params().toFloatVector();
    }

    @Test
    void coresMakeNoDifference() {
        MultiLayerConfiguration configuration = Networks.normalised(new Adam(0.01));
        float[] one = tuned(1, configuration);
        assertThat(tuned(2, configuration)).isEqualTo(one);
    }

    @Test
    void secondRunGivesTheSameBitsAlsoWithDropout() {
        MultiLayerConfiguration configuration = Networks.dropout(new Adam(0.01));
        try (LocalSpark spark = new LocalSpark(2)) {
            float[] first = tuned(spark, configuration, 3);
            assertThat(tuned(spark, configuration, 3)).isEqualTo(first);
            // Dealt out to three workers, i-th to i mod 3, the examples come in another order.
            float[] dealt = tuned(spark, configuration, 2);
            assertThat(tuned(spark, configuration, 2)).isEqualTo(dealt).isNotEqualTo(first);
        }
    }
}
