package io.sparkpeft.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.choice.MaskScope;
import io.sparkpeft.config.choice.Metric;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.disk.FaultyFileSystem;
import io.sparkpeft.model.Objective;
import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeFileTest {
    private static final String LEAST = "model.path = m\ndata { train.paths = [t], dev.paths = [d] }\n";

    @Test
    void takesSettingsOverTheRecipeAndTheRecipeOverDefaults() {
        Recipe recipe = RecipeFile.parse(
                LEAST + "train { learning-rate = 5e-4, batch-size = 16 }", "x.conf", List.of("train.batch-size=8"));

        assertThat(recipe.train().batchSize()).isEqualTo(8);
        assertThat(recipe.train().learningRate()).isEqualTo(5e-4);
        assertThat(recipe.train().localSteps()).isEqualTo(10);
        assertThat(recipe.name()).isEqualTo("x");
        assertThat(recipe.metric()).isEqualTo(Metric.ACCURACY);
        assertThat(recipe.prune().scope()).isEqualTo(MaskScope.GLOBAL);
        assertThat(recipe.refine().maxDeltaCe()).isEmpty();
    }

    @Test
    void takesSettingsAsTheyStand() {
        Recipe recipe = RecipeFile.parse(
                LEAST,
                "x.conf",
                List.of(
                        "model.path=hdfs://host:9000/a#b",
                        "data.train.paths=s3a://b/x,s3a://b/y",
                        "evaluate.baselines=[dense, random-mask]",
                        "train.outer.momentum=0.5",
                        "train.outer.momentum=null",
                        "task.type=causal-lm",
                        "seed=9007199254740993"));

        assertThat(recipe.model().path()).isEqualTo("hdfs://host:9000/a#b");
        assertThat(recipe.data().train().paths()).containsExactly("s3a://b/x", "s3a://b/y");
        assertThat(recipe.evaluate().baselines()).containsExactly(TrainMode.DENSE, TrainMode.RANDOM_MASK);
        assertThat(recipe.train().outer().momentum()).isEmpty();
        assertThat(recipe.task().type()).isEqualTo(Objective.CAUSAL_LM);
        assertThat(recipe.metric()).isEqualTo(Metric.CROSS_ENTROPY);
        assertThat(recipe.seed()).isEqualTo(9007199254740993L);
    }

    @Test
    void readsEnvironmentVariables() {
        Recipe recipe = RecipeFile.parse(LEAST + "model.path = ${?PATH}", "x.conf", List.of());

        assertThat(recipe.model().path()).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void writtenTextReadsBackToTheSameRecipe() {
        Recipe recipe = RecipeFile.parse(
                LEAST + "name = \"a \\\"b\\\" \\\\ c\", task.labels = [x, \"y, z\"], train.epsilon = 1e-12, "
                        + "refine.max-delta-ce = 0.4, evaluate.retention.paths = [r], seed = -7",
                "x.conf",
                List.of());

        assertThat(RecipeFile.parse(RecipeKeys.text(recipe), "again.conf", List.of()))
                .isEqualTo(recipe);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train.learning-rat = 1 | Unknown key train.learning-rat (x.conf, line 3): "
                        + "did you mean train.learning-rate?",
                "trian { epochs = 1 } | Unknown section trian (x.conf, line 3): did you mean train?",
                "train.learning-rate = fast | Invalid train.learning-rate: \"fast\" is not a number (x.conf, line 3)",
                "train.batch-size = 2.5 | Invalid train.batch-size: 2.5 is not a whole number (x.conf, line 3)",
                "train.batch-size = 9999999999 | Invalid train.batch-size: 9999999999 is beyond 2147483647 "
                        + "(x.conf, line 3)",
                "train.epochs = 0 | Invalid train.epochs: 0 is out of range: it must be more than 0 (x.conf, line 3)",
                "prune.sparsity = 1 | Invalid prune.sparsity: 1 is out of range: "
                        + "it must be at least 0 and less than 1 (x.conf, line 3)",
                "train.mode = sparse | Invalid train.mode: \"sparse\" is none of "
                        + "masked, dense, random-mask, head-only, pretrain (x.conf, line 3)",
                "data.header = maybe | Invalid data.header: \"maybe\" is neither true nor false (x.conf, line 3)",
                "data.dev.paths = d | Invalid data.dev.paths: \"d\" is not a list [ … ] (x.conf, line 3)",
                "model.path = [a] | Invalid model.path: [ … ] is not text (x.conf, line 3)",
                "train = 5 | Invalid train: 5 is not a section { … } (x.conf, line 3)",
                "train.epochs = null | Invalid train.epochs: null is not a number (x.conf, line 3)",
                "model.path = \"\" | Invalid model.path: it is empty; name the checkpoint's directory (x.conf, line 3)",
            })
    void saysWhatIsWrongAndWhere(String line, String message) {
        assertThatThrownBy(() -> RecipeFile.parse(LEAST + line, "x.conf", List.of()))
                .isInstanceOf(JobException.class)
                .hasMessage(message)
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.CONFIG);
    }

    @Test
    void namesTheSettingThatIsWrong() {
        assertThatThrownBy(() -> RecipeFile.parse(LEAST, "x.conf", List.of("train.epochs=many")))
                .hasMessage("Invalid train.epochs: \"many\" is not a number (--set)");
        assertThatThrownBy(() -> RecipeFile.parse(LEAST, "x.conf", List.of("train.epoch=1")))
                .hasMessage("Unknown key train.epoch (--set): did you mean train.epochs?");
        assertThatThrownBy(() -> RecipeFile.parse(LEAST, "x.conf", List.of("train.epochs")))
                .hasMessage("Invalid --set train.epochs: it is not key=value");
    }

    @Test
    void namesTheLineThatCannotBeParsed() {
        assertThatThrownBy(() -> RecipeFile.parse("model {\n path = m\n", "x.conf", List.of()))
                .hasMessageStartingWith("Cannot read recipe x.conf: ")
                .hasMessageContaining("line");
        assertThatThrownBy(() -> RecipeFile.parse("model.path = ${nothing}", "x.conf", List.of()))
                .hasMessageStartingWith("Cannot read recipe x.conf: line 1: ")
                .hasMessageContaining("nothing");
    }

    @Test
    void readsAFileAndWhatItIncludes(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("base.conf"), LEAST);
        Path recipe = Files.writeString(folder.resolve("mine.conf"), "include \"base.conf\"\nseed = 3\nfoo = 1");

        assertThatThrownBy(() -> RecipeFile.read(recipe, List.of()))
                .hasMessageStartingWith("Unknown key foo (" + recipe + ", line 3): there are: name, seed, ");
        assertThatThrownBy(() -> RecipeFile.read(folder.resolve("none.conf"), List.of()))
                .hasMessageContaining("there is no such file")
                .extracting(e -> ((JobException) e).kind().exitCode())
                .isEqualTo(3);
        Files.writeString(recipe, "include \"base.conf\"\nseed = 3");
        assertThat(RecipeFile.read(recipe, List.of()).seed()).isEqualTo(3);
    }

    private static Recipe elsewhere(Path recipe) {
        Configuration configuration = new Configuration(false);
        FaultyFileSystem.register(configuration);
        Storage directory = Storage.at(FaultyFileSystem.uri(recipe.getParent()), configuration);
        String name = String.valueOf(recipe.getFileName());
        return RecipeFile.read(directory, name, "faulty:" + recipe, List.of(), configuration);
    }

    @Test
    void findsWhatARecipeIncludesBesideTheFileThatSaysSo(@TempDir Path folder) throws IOException {
        Files.createDirectory(folder.resolve("shared"));
        Files.writeString(folder.resolve("shared/base.conf"), "include \"seeds\"\n" + LEAST);
        Files.writeString(folder.resolve("shared/seeds.json"), "{\"seed\": 4}");
        Path recipe = Files.writeString(folder.resolve("mine.conf"), "include \"shared/base.conf\"\ntrain.epochs = 5");

        for (Recipe read : List.of(RecipeFile.read(recipe, List.of()), elsewhere(recipe))) {
            assertThat(read.name()).isEqualTo("mine");
            assertThat(read.seed()).isEqualTo(4);
            assertThat(read.train().epochs()).isEqualTo(5);
        }

        Files.writeString(folder.resolve("more.conf"), LEAST + "seed = 6");
        for (String include : List.of("required(\"more.conf\")", "file(\"" + folder.resolve("more.conf") + "\")")) {
            Files.writeString(recipe, "include " + include);
            assertThat(RecipeFile.read(recipe, List.of()).seed()).isEqualTo(6);
            assertThat(elsewhere(recipe).seed()).isEqualTo(6);
        }
    }

    @Test
    void refusesToGoOnWithoutWhatARecipeIncludes(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("base.conf"), LEAST);
        Path recipe = Files.writeString(folder.resolve("mine.conf"), LEAST + "include \"basis.conf\"");

        assertThatThrownBy(() -> RecipeFile.read(recipe, List.of()))
                .hasMessage(
                        "Cannot read file:%1$s/basis.conf, which file:%1$s/mine.conf includes: there is no such file"
                                .formatted(folder))
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.INPUT);
        assertThatThrownBy(() -> elsewhere(recipe)).hasMessageMatching("Cannot read faulty:.*/basis.conf, which .*");

        Files.writeString(recipe, LEAST + "include \"mine\"");
        assertThatThrownBy(() -> RecipeFile.read(recipe, List.of()))
                .hasMessageEndingWith("mine.conf includes itself")
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.CONFIG);
    }
}
