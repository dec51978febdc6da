package io.sparkpeft.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.dl4j.settings.TrainingSettings.Statistics;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training master is told, and what it refuses. */
class MaskedAveragingTrainingMasterTest {
    private static MaskedAveragingBuilder unusual() {
        return MaskedAveragingTrainingMaster.builder()
                .sparsity(0.25)
                .density(0.125)
                .pruneCriterion("snip")
                .updateCriterion("magnitude")
                .scope("per-tensor")
                .head("2", "out")
                .importanceExamples(17)
                .importanceBatchSize(3)
                .workers(5)
                .batchSizePerWorker(7)
                .averagingFrequency(11)
                .epochs(2)
                .clipNorm(1.5)
                .shuffle(false)
                .seed(-3)
                .moments(Moments.RESET)
                .statistics(Statistics.FREEZE)
                .storageLevel("MEMORY_ONLY")
                .checkpointDirectory("hdfs:///checkpoints");
    }

    @Test
    void jsonKeepsEverySetting() {
        MaskedAveragingTrainingMaster master = unusual().build();
        assertThat(master.settings()).isNotEqualTo(MaskedAveragingSettings.DEFAULT);
        assertThat(MaskedAveragingTrainingMaster.fromJson(master.toJson()).settings())
                .isEqualTo(master.settings());
        assertThat(MaskedAveragingTrainingMaster.builder().build().settings())
                .isEqualTo(MaskedAveragingSettings.DEFAULT);
    }

    @Test
    void yamlSaysTheSame() {
        assertThat(unusual().build().toYaml()).contains("density: 0.125").contains("moments: \"RESET\"");
    }

    @Test
    void unknownAndMissingKeysAreRefused() {
        String json = unusual().build().toJson();
        unread(json.replaceFirst("\\{", "{\"densitty\": 1,"), "densitty");
        unread(json.replace("\"clipNorm\"", "\"clipNorn\""), "clipNor");
        unread("{}", "masks");
    }

    private static void unread(String json, String key) {
        assertThatThrownBy(() -> MaskedAveragingTrainingMaster.fromJson(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read the settings of a training master: ")
                .hasMessageContaining(key);
    }

    @Test
    void wrongValuesAreRefusedInASentence() {
        refused(b -> b.density(0), "Invalid density: 0.0");
        refused(b -> b.density(1.5), "Invalid density: 1.5");
        refused(b -> b.sparsity(1), "Invalid sparsity: 1.0");
        refused(b -> b.sparsity(0.6).density(0.5), "Invalid density: 0.5, where sparsity 0.6 leaves less");
        refused(b -> b.updateCriterion("guess"), "guess");
        refused(b -> b.updateCriterion("obd"), "obd cannot choose the update mask");
        refused(b -> b.pruneCriterion("wanda"), "wanda needs the inputs of layers");
        refused(b -> b.scope("everywhere"), "everywhere");
        refused(b -> b.averagingFrequency(0), "averaged every 0 steps");
        refused(b -> b.storageLevel("ATTIC"), "ATTIC");
    }

    private static void refused(Function<MaskedAveragingBuilder, MaskedAveragingBuilder> wrong, String sentence) {
        MaskedAveragingBuilder builder = wrong.apply(MaskedAveragingTrainingMaster.builder());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource({"0.3, 0.7", "0, 0.001", "0.999, 0.001", "0.5, 1"})
    void sharesThatFitAreTaken(double sparsity, double density) {
        assertThat(MaskedAveragingTrainingMaster.builder()
                        .sparsity(sparsity)
                        .density(density)
                        .build()
                        .settings()
                        .masks()
                        .density())
                .isEqualTo(density);
    }
}
