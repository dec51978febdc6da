package io.sparkpeft.dl4j.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.dl4j.LocalSpark;
import io.sparkpeft.dl4j.MaskedAveragingTrainingMaster;
import io.sparkpeft.dl4j.network.Masks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** A transformer in a ComputationGraph, tuned by masked averaging on Spark. */
class TransformerIT {
    private record Tuned(ComputationGraph graph, Masks masks) {}

    private static Tuned tuned(int cores, boolean language) {
        ComputationGraph graph =
                language ? Transformers.languageModel(new Adam(0.01)) : Transformers.classifier(0.1, new Adam(0.01));
        List<MultiDataSet> examples = Transformers.examples(48, language);
        MaskedAveragingTrainingMaster master = MaskedAveragingTrainingMaster.builder()
                .sparsity(0.2)
                .density(0.3)
                .importanceExamples(20)
                .batchSizePerWorker(8)
                .averagingFrequency(3)
                .epochs(8)
                .build();
        try (LocalSpark spark = new LocalSpark(cores)) {
            SparkComputationGraph network = new SparkComputationGraph(spark.context(), graph, master);
            network.fitMultiDataSet(spark.context().parallelize(examples, 2));
            return new Tuned(network.getNetwork(), master.masks().orElseThrow());
        }
    }

    @Test
    void masksHoldAndCoresMakeNoDifference(@TempDir Path directory) throws IOException {
        Tuned tuned = tuned(2, false);
        ComputationGraph before = Transformers.classifier(0.1, new Adam(0.01));
        tuned.masks()
                .require(
                        io.sparkpeft.dl4j.network.Network.of(before),
                        io.sparkpeft.dl4j.network.Network.of(tuned.graph()));
        MultiDataSet all = Transformers.batch(48, false);
        assertThat(tuned.graph().score(all, false)).isLessThan(0.8 * before.score(all, false));
        assertThat(tuned(1, false).graph().params()).isEqualTo(tuned.graph().params());

        Path file = directory.resolve("tuned.zip");
        ModelSerializer.writeModel(tuned.graph(), file.toFile(), false);
        ComputationGraph loaded = ModelSerializer.restoreComputationGraph(file.toFile());
        assertThat(loaded.score(all, false)).isEqualTo(tuned.graph().score(all, false));
    }

    @Test
    void languageModelsLearn() {
        MultiDataSet all = Transformers.batch(48, true);
        double before = Transformers.languageModel(new Adam(0.01)).score(all, false);
        assertThat(tuned(2, true).graph().score(all, false)).isLessThan(before);
    }
}
