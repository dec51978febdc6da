package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.command.ModelChoice;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.score.EvaluateChosen;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.OwnSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A model that is measured again gives the very numbers of its run, whichever way it is named. */
class EvaluateCommandIT {
    private static FinishedRun run;
    private static CommandRunner commands;

    @BeforeAll
    static void open() throws IOException {
        run = FinishedRun.shared();
        commands = new CommandRunner();
    }

    @AfterAll
    static void close() {
        commands.close();
    }

    private static Map<String, Measurement> measured(String recipe, ModelChoice choice, List<String> sentences) {
        Recipe parsed = RecipeFile.parse(recipe, "small.conf", List.of());
        try (OwnSession spark = OwnSession.of(SmallWorld.session("local[2]"))) {
            return new EvaluateChosen(parsed, new Cluster(spark.session()), sentences::add).run(choice);
        }
    }

    @Test
    void theRunsModelGivesTheRunsNumbers() throws IOException {
        List<String> sentences = new ArrayList<>();
        Map<String, Measurement> measured = measured(run.recipe(), new ModelChoice("", ""), sentences);
        assertThat(measured).containsOnlyKeys("dev");
        assertThat(measured.get("dev")).isEqualTo(run.measured());
        assertThat(sentences).contains("classes: negative, positive").doesNotContain("preparing data");
    }

    @Test
    void theAdapterOnItsBaseGivesTheRunsNumbersFromDataPreparedForOnce() throws IOException {
        String adapter = run.output("adapter").toString();
        String elsewhere = run.recipe() + "output.directory = \"%s\"\n".formatted(run.file("nothing-here"));
        List<String> sentences = new ArrayList<>();
        for (String path : List.of(adapter, adapter + "/adapter.delta")) {
            assertThat(measured(elsewhere, new ModelChoice("", path), sentences).get("dev"))
                    .isEqualTo(run.measured());
        }
        assertThat(sentences).contains("preparing data");
        assertThat(run.file("nothing-here")).doesNotExist();
        try (Stream<Path> left = Files.list(Path.of(System.getProperty("user.home"), ".sparkpeft"))) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("evaluate-")))
                    .isEmpty();
        }
    }

    @Test
    void theOrderOfTheClassesIsTheModels() throws IOException {
        String turned =
                run.recipe() + "task.labels = [positive, negative]\ndata.cache = \"%s\"\n".formatted(run.file("cache"));
        Map<String, Measurement> measured = measured(turned, new ModelChoice("", ""), new ArrayList<>());
        assertThat(measured.get("dev")).isEqualTo(run.measured());
        try (Stream<Path> prepared = Files.list(run.file("cache"))) {
            assertThat(prepared.map(path -> path.getFileName().toString()))
                    .isNotEmpty()
                    .allMatch(name -> name.matches("(task|generic|retention)-[0-9a-f]{16}"));
        }
    }

    @Test
    void theCommandPrintsATable() throws IOException {
        CommandRunner.Result result = commands.run(
                "evaluate", run.recipe() + "data.test.paths = [\"%s/task-a/test.tsv\"]\n".formatted(run.file("")));
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.output()).contains("accuracy", "matthews", "retention-ce", "dev", "test");
        assertThat(result.output())
                .containsPattern(
                        "dev +500 +%.4f".formatted(run.measured().values().get("accuracy")));
    }

    @Test
    void anAdapterForAnotherBaseIsRefused() {
        String adapter = run.output("adapter").toString();
        CommandRunner.Result result = commands.run("evaluate", run.recipe(), "--adapter", adapter, "--set", "seed=7");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.errors())
                .matches("Cannot apply .*adapter.delta: it belongs to the weights \\w{12}, these are \\w{12}");
    }

    @Test
    void whatIsNotThereIsTold() {
        CommandRunner.Result noRun = commands.run(
                "evaluate", run.recipe(), "--output", run.file("no-run").toString());
        assertThat(noRun.exitCode()).isEqualTo(3);
        assertThat(noRun.errors())
                .startsWith(
                        "Cannot use the model of run small: there is no finished run in file:" + run.file("no-run"));

        CommandRunner.Result noModel = commands.run(
                "evaluate", run.recipe(), "--model", run.file("no-model").toString());
        assertThat(noModel.exitCode()).isEqualTo(3);
        assertThat(noModel.errors()).matches("Cannot read .*no-model/config.json: there is no such file");

        CommandRunner.Result noAdapter = commands.run(
                "evaluate", run.recipe(), "--adapter", run.file("task-a").toString());
        assertThat(noAdapter.exitCode()).isEqualTo(3);
        assertThat(noAdapter.errors()).endsWith("task-a: there is no adapter.delta in it");
    }
}
