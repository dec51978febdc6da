package io.sparkpeft.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.param.Fingerprint;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;

/** The result depends on the data, its partitions and the seed alone. */
class SameBitsIT {
    private static float[] tuned(int cores, MultiLayerConfiguration configuration) {
        try (LocalSpark spark = new LocalSpark(cores)) {
            return tuned(spark.context(), configuration, 3);
        }
    }

    static String fingerprint(float[] weights) {
        return new Fingerprint().add(weights, weights.length).hex();
    }

    static float[] tuned(JavaSparkContext context, MultiLayerConfiguration configuration, int partitions) {
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(
                context,
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
        network.fit(context.parallelize(Samples.flowers(100, 1), partitions));
        return network.getNetwork().params().toFloatVector();
    }

    @Test
    void threadsAndExecutorsMakeNoDifference(@TempDir Path home) throws Exception {
        float[] one = tuned(1, Networks.mixed());
        assertThat(tuned(4, Networks.mixed())).isEqualTo(one);
        assertThat(SeparateExecutors.run("local-cluster[2,1,1024]", home))
                .isEqualTo("executors 2, weights " + fingerprint(one));
    }

    @Test
    void secondRunGivesTheSameBitsAlsoWithDropout() {
        MultiLayerConfiguration configuration = Networks.dropout(new Adam(0.01));
        try (LocalSpark spark = new LocalSpark(2)) {
            float[] first = tuned(spark.context(), configuration, 3);
            assertThat(tuned(spark.context(), configuration, 3)).isEqualTo(first);
            // Dealt out to three workers, i-th to i mod 3, the examples come in another order.
            float[] dealt = tuned(spark.context(), configuration, 2);
            assertThat(tuned(spark.context(), configuration, 2))
                    .isEqualTo(dealt)
                    .isNotEqualTo(first);
        }
    }
}
