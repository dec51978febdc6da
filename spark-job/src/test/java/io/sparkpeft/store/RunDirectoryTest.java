package io.sparkpeft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.run.Journal;
import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private final Configuration configuration = new Configuration();

    @TempDir
    Path folder;

    private Path run() {
        return folder.resolve("run");
    }

    private RunState state(String... settings) {
        return RunDirectory.state(Recipes.in(run(), settings), configuration);
    }

    private RunDirectory open(boolean startAnew, String... settings) {
        return RunDirectory.open(Recipes.in(run(), settings), configuration, "test", startAnew);
    }

    @Test
    void goesFromNewToDone() throws IOException {
        assertThat(state()).isEqualTo(RunState.NEW);
        assertThat(run()).doesNotExist();
        RunDirectory directory = open(false);
        assertThat(state()).isEqualTo(RunState.INTERRUPTED);
        directory.writeResult(Map.of("accuracy", 0.5));
        directory.finish(true);

        assertThat(state()).isEqualTo(RunState.DONE);
        assertThat(Files.readString(run().resolve("result.json")))
                .isEqualTo("{\n  \"schema-version\" : 1,\n  \"accuracy\" : 0.5\n}\n");
        assertThatThrownBy(() -> open(false)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void remembersThatTheGateWasNotMet() {
        open(false).finish(false);

        assertThat(state()).isEqualTo(RunState.GATE_NOT_MET);
        assertThat(run().resolve("_SUCCESS")).doesNotExist();
    }

    @Test
    void refusesARunOfAnotherRecipeAndNamesTheKeys() {
        open(false).checkpoints().save(Checkpoint.of(1, Map.of()));

        assertThat(state("output.keep-checkpoints=7")).isEqualTo(RunState.INTERRUPTED);
        assertThatThrownBy(() -> state("train.epochs=4", "seed=1"))
                .hasMessage("Cannot use the run directory file:" + run() + ": it holds a run of another recipe "
                        + "(seed: 1, not 42; train.epochs: 4, not 3); choose another output.directory, "
                        + "or start anew with --force")
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.CONFIG);
    }

    @Test
    void aRunThatNeverFinishedAStageGivesWayToAnotherRecipe() throws IOException {
        RunDirectory first = open(false);
        Files.createDirectories(run().resolve("data/task"));

        assertThat(state("train.epochs=4")).isEqualTo(RunState.NEW);
        RunDirectory second = open(false, "train.epochs=4");

        assertThat(second.epoch()).isEqualTo(2);
        assertThat(run().resolve("data")).doesNotExist();
        assertThat(state("train.epochs=4")).isEqualTo(RunState.INTERRUPTED);
        assertThatThrownBy(first::requireOwnership)
                .hasMessageContaining("another driver has taken it over")
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.RETRYABLE);
    }

    @Test
    void startsAnewAndDeletesOnlyTheRun() throws IOException {
        RunDirectory first = open(false);
        first.checkpoints().save(Checkpoint.of(1, Map.of()));
        first.metrics().put("a", Map.of("loss", 1));
        first.metrics().flush();
        first.finish(true);
        Files.writeString(run().resolve("notes.txt"), "mine");

        RunDirectory second = open(true, "train.epochs=4");

        assertThat(second.checkpoints().newest()).isEmpty();
        assertThat(second.metrics().rows()).isEmpty();
        assertThat(run().resolve("_SUCCESS")).doesNotExist();
        assertThat(run().resolve("notes.txt")).hasContent("mine");
        assertThat(state("train.epochs=4")).isEqualTo(RunState.INTERRUPTED);
        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThatThrownBy(first::requireOwnership).hasMessageContaining("another driver has taken it over");
    }

    @Test
    void rowsOfAWriteThatBrokeOffDoNotComeBackInARunStartedAnew() throws IOException {
        open(false);
        Files.writeString(run().resolve(".metrics.jsonl.tmp"), "{\"id\": \"old\"}\n");

        assertThat(open(true).metrics().rows()).isEmpty();
    }

    @Test
    void leavesADirectoryAloneThatIsNoRun() throws IOException {
        Files.createDirectories(run());
        Files.writeString(run().resolve("thesis.tex"), "years of work");

        assertThatThrownBy(this::state)
                .hasMessage("Cannot start a run in file:" + run() + ": it holds other files (thesis.tex) and no run");
        assertThatThrownBy(() -> open(true)).hasMessageContaining("it holds other files (thesis.tex)");
        Files.writeString(run().resolve("recipe.conf"), "seed = 1");
        assertThatThrownBy(() -> open(true)).hasMessageContaining("its recipe.conf was not written by a run");
        assertThat(run().resolve("thesis.tex")).exists();
    }

    @Test
    void storesTheRecipeAndWhereItCameFrom() throws IOException {
        RunDirectory directory = open(false, "seed=5");
        directory.writeManifest(new RunManifest(
                "n", "h", 5, "base", "tokens", Map.of("train", "d"), Versions.all("cpu"), Map.of("a.b", "c")));

        assertThat(Files.readString(run().resolve("recipe.conf"))).contains("\nseed = 5\n");
        // As in the jar's name: spark-core_2.12-3.5.5.jar.
        String spark = Path.of(SparkConf.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .getFileName()
                .toString();
        String[] versions = spark.replaceAll("spark-core_|\\.jar", "").split("-", 2);
        assertThat(Files.readString(run().resolve("manifest.json")))
                .contains("\"scala\" : \"" + versions[0] + ".", "\"spark\" : \"" + versions[1] + "\"")
                .contains("\"train\" : \"d\"")
                .doesNotContain("${");
    }

    @Test
    void aDriverThatWasReplacedChangesNothingMore() throws IOException {
        RunDirectory first = open(false);
        Storage artefacts = first.storage().directory(RunDirectory.ARTEFACTS);
        Journal journal = new Journal(first.storage().directory(RunDirectory.STAGES), first.places());
        artefacts.replace("mask", "first");
        open(false);

        assertThatThrownBy(() -> journal.once("tuned", String.class, () -> "late"))
                .hasMessageContaining("another driver has taken it over");
        assertThatThrownBy(() -> artefacts.replace("mask", "late")).hasMessageContaining("taken it over");
        assertThatThrownBy(() -> artefacts.write("delta", new byte[1])).hasMessageContaining("taken it over");
        assertThatThrownBy(() -> artefacts.delete("mask")).hasMessageContaining("taken it over");
        assertThatThrownBy(() -> first.finish(true)).hasMessageContaining("taken it over");
        assertThat(run().resolve("artefacts/mask")).hasContent("first");
        assertThat(run().resolve("artefacts/delta")).doesNotExist();
        assertThat(run().resolve("stages")).doesNotExist();
        assertThat(run().resolve("_SUCCESS")).doesNotExist();
    }

    @Test
    void ofTwoDriversWithOneNumberAllSeeTheSameOneAsTheLast() throws IOException {
        RunDirectory first = open(false);
        // What an object store allows: both found the number free.
        Files.writeString(run().resolve("drivers/000001-00000000"), "slow twin");
        first.requireOwnership();

        Files.writeString(run().resolve("drivers/000001-ffffffff"), "twin");
        assertThatThrownBy(first::requireOwnership).hasMessageContaining("(driver 1: twin; this is driver 1)");
    }

    @Test
    void aDriverOfAnOlderVersionOfTheProgramIsReplaced() throws IOException {
        Files.createDirectories(run().resolve("drivers"));
        Files.writeString(run().resolve("drivers/000003"), "old");

        RunDirectory second = open(false);
        second.requireOwnership();
        assertThat(second.epoch()).isEqualTo(4);
    }
}
