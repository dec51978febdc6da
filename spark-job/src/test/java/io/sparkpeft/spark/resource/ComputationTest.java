package io.sparkpeft.spark.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.compute.UnusableDeviceException;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.config.file.RecipeKeys;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.kernel.HeldGpuProvider;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** Which backend computes what follows from recipe and settings alone. */
class ComputationTest {
    private static final String GPU = HeldGpuProvider.NAME;

    private static Recipe recipe(String... changes) {
        return RecipeFile.parse(
                "model.path = m, data { train.paths = [t], dev.paths = [d] }", "some.conf", List.of(changes));
    }

    private static SparkConf conf(String... settings) {
        SparkConf conf = new SparkConf(false).set("spark.master", "spark://host:7077");
        for (String setting : settings) {
            conf.set(setting.split("=")[0], setting.split("=")[1]);
        }
        return conf;
    }

    private static Computation settled(SparkConf conf, String... changes) {
        return Computation.of(Computation.settle(recipe(changes), conf).model());
    }

    @Test
    void onlyWhereRoundsHaveGpusOfTheirOwnIsAllElseComputedOnProcessors() {
        SparkConf own = conf("spark.dynamicAllocation.enabled=true", "spark.sparkpeft.train.task.gpus=1");
        SparkConf all = conf("spark.executor.resource.gpu.amount=1", "spark.sparkpeft.train.task.gpus=1");
        BackendChoice gpu = BackendChoice.of(GPU);

        assertThat(settled(own, "model.backend=" + GPU)).isEqualTo(new Computation(gpu, BackendChoice.of("cpu")));
        assertThat(settled(own, "model.backend=" + GPU, "model.backend-outside-rounds=" + GPU))
                .isEqualTo(Computation.everywhere(gpu));
        assertThat(settled(own, "model.backend=nd4j")).isEqualTo(Computation.everywhere(BackendChoice.of("nd4j")));
        assertThat(settled(all, "model.backend=" + GPU)).isEqualTo(Computation.everywhere(gpu));
        assertThat(settled(conf(), "model.backend=" + GPU)).isEqualTo(Computation.everywhere(gpu));
        assertThat(settled(conf(), "model.backend=" + GPU, "model.backend-outside-rounds=nd4j"))
                .isEqualTo(new Computation(gpu, BackendChoice.of("nd4j")));
    }

    @Test
    void aSettledRecipeSaysWhatComputesAndIsSettled() {
        SparkConf own = conf("spark.dynamicAllocation.enabled=true", "spark.sparkpeft.train.task.gpus=1");
        Recipe settled = Computation.settle(recipe("model.backend=" + GPU), own);
        assertThat(settled.model().backendOutsideRounds()).isEqualTo("cpu");
        assertThat(Computation.settle(settled, conf())).isEqualTo(settled);
    }

    /** So a run that goes on elsewhere is refused as another recipe's, and never mixes two backends unasked. */
    @Test
    void underOtherSettingsItIsAnotherRecipe() {
        Recipe recipe = recipe("model.backend=" + GPU);
        Recipe own = Computation.settle(
                recipe, conf("spark.dynamicAllocation.enabled=true", "spark.sparkpeft.train.task.gpus=1"));
        Recipe all = Computation.settle(recipe, conf("spark.executor.resource.gpu.amount=1"));
        assertThat(RecipeKeys.differences(own, all))
                .containsExactly("model.backend-outside-rounds: \"cpu\", not \"auto\"");
        assertThat(RecipeKeys.hash(own)).isNotEqualTo(RecipeKeys.hash(all));
    }

    @Test
    void theDriverNeedsNoGpuWhereExecutorsAreOtherProcesses() {
        Computation everywhere = Computation.everywhere(BackendChoice.of(GPU));
        assertThatCode(() -> everywhere.require(false)).doesNotThrowAnyException();
        assertThat(everywhere.description(false)).isEqualTo("held-gpu in float32, on GPUs of executors");
        assertThat(new Computation(BackendChoice.of(GPU), BackendChoice.of("nd4j")).description(false))
                .isEqualTo("held-gpu in float32, on GPUs of executors; outside of rounds nd4j");
        assertThatThrownBy(() -> everywhere.require(true))
                .isInstanceOf(UnusableDeviceException.class)
                .hasMessage(HeldGpuProvider.SENTENCE);
    }

    @Test
    void aBackendThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> recipe("model.backend-outside-rounds=cpi"))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("model.backend-outside-rounds")
                .hasMessageContaining("cpi is not known for this; did you mean cpu?");
    }
}
