package io.sparkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import io.sparkpeft.compute.UnusableDeviceException;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.console.Console;
import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.kernel.HeldGpuProvider;
import io.sparkpeft.spark.resource.Computation;
import io.sparkpeft.store.Checkpoint;
import io.sparkpeft.store.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CommandLineProgramTest {
    private static final String TASK_FAULT = "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, "
            + "most recent failure: Lost task 0.3 in stage 1.0 (TID 3) (host executor driver): "
            + "java.lang.NullPointerException\n\tat io.sparkpeft.A.b(A.java:1)\n";

    private final RecordingProgram program = new RecordingProgram();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private String recipe;

    @BeforeEach
    void write() throws IOException {
        recipe = Files.writeString(
                        folder.resolve("mine.conf"),
                        "model.path = m, data { train.paths = [t], dev.paths = [d] }, output.directory = \""
                                + folder.resolve("run") + "\"")
                .toString();
    }

    private int run(String... arguments) {
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
        return new CommandLineProgram(program, console, new PrintStream(errors, true, StandardCharsets.UTF_8))
                .run(arguments);
    }

    private String said() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    private RunDirectory open() {
        return RunDirectory.open(RecipeFile.read(Path.of(recipe), List.of()), new Configuration(), "test", false);
    }

    @Test
    void runsTheJobOfTheRecipe() {
        assertThat(run("finetune", recipe, "--set", "train.epochs=5", "-s", "seed=1"))
                .isZero();
        assertThat(run("finetune", recipe, "--force")).isZero();
        assertThat(run("finetune", recipe, "--dry-run")).isZero();
        assertThat(run("prepare", recipe)).isZero();

        assertThat(program.calls)
                .containsExactly(
                        "fineTune mine false epochs=5.0", "fineTune mine true epochs=3.0", "plan mine", "prepare mine");
        assertThat(said()).isEmpty();
    }

    @Test
    void choosesAModelToEvaluateOrPredictWith() {
        assertThat(run("evaluate", recipe, "--adapter", "a")).isZero();
        assertThat(run("predict", recipe, "-i", "x", "-i", "y", "-p", "z", "--format", "csv"))
                .isZero();
        assertThat(run("predict", recipe, "-i", "x", "-p", "z", "--format", "xls"))
                .isEqualTo(2);
        assertThat(run("predict", recipe, "-i", "x")).isEqualTo(2);

        assertThat(program.calls)
                .containsExactly(
                        "evaluate mine ModelChoice[model=, adapter=a]",
                        "predict mine true PredictRequest[input=Source[paths=[x, y], format=CSV], output=z, "
                                + "overwrite=false]");
        assertThat(said())
                .contains("Invalid --format: xls is none of auto, text,")
                .contains("Missing required option: '--predictions=URI' (sparkpeft predict --help shows how)");
    }

    @Test
    void doesNothingWhereTheRunIsDone() {
        open().finish(true);

        assertThat(run("finetune", recipe)).isZero();
        assertThat(program.calls).isEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("The run mine is done already")
                .contains("--force");

        assertThat(run("finetune", recipe, "--set", "seed=1")).isEqualTo(2);
        assertThat(said()).contains("it holds a run of another recipe (seed: 1, not 42)");
        assertThat(run("finetune", recipe, "--force")).isZero();
        assertThat(program.calls).hasSize(1);
    }

    /** Where executors with GPUs come for rounds alone, the run's recipe says so and the typed one does not. */
    @Test
    void findsARunWithGpusForRoundsAloneAgain() {
        Map<String, String> settings = Map.of(
                "spark.master", "spark://host:7077",
                "spark.dynamicAllocation.enabled", "true",
                "spark.sparkpeft.train.task.gpus", "1");
        settings.forEach(System::setProperty);
        try {
            String[] typed = {"finetune", recipe, "--set", "model.backend=" + HeldGpuProvider.NAME};
            Recipe settled = Computation.settle(
                    RecipeFile.read(Path.of(recipe), List.of("model.backend=" + HeldGpuProvider.NAME)),
                    new SparkConf());
            RunDirectory run = RunDirectory.open(settled, new Configuration(), "test", false);
            run.checkpoints().save(Checkpoint.of(1, Map.of()));

            assertThat(run(typed)).as(said()).isZero();
            assertThat(program.calls).containsExactly("fineTune mine false epochs=3.0");
            run.finish(true);
            assertThat(run(typed)).as(said()).isZero();
            assertThat(program.calls).hasSize(1);
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void saysAgainThatTheGateWasNotMet() {
        open().finish(false);

        assertThat(run("finetune", recipe)).isEqualTo(4);
        assertThat(program.calls).isEmpty();
    }

    @Test
    void goesOnWithAnInterruptedRun() {
        open();

        assertThat(run("finetune", recipe)).isZero();
        assertThat(program.calls).containsExactly("fineTune mine false epochs=3.0");
    }

    @Test
    void saysWhatIsWrongWithTheCommandLine() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("finetun", recipe)).isEqualTo(2);
        assertThat(run("finetune", recipe, "--dry")).isEqualTo(2);
        assertThat(run("finetune")).isEqualTo(2);
        assertThat(run("finetune", folder + "/none.conf")).isEqualTo(3);
        assertThat(run("finetune", "file:" + folder + "/none.conf")).isEqualTo(3);
        assertThat(run("finetune", "hdf:/none.conf")).isEqualTo(2);
        assertThat(run("finetune", recipe, "--set", "train.epoch=1")).isEqualTo(2);

        assertThat(said().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("Missing command"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "Unknown command finetun: did you mean finetune? (sparkpeft --help shows how)"),
                        line -> assertThat(line)
                                .isEqualTo("Unknown option --dry: did you mean --dry-run? "
                                        + "(sparkpeft finetune --help shows how)"),
                        line -> assertThat(line).startsWith("Missing required parameter: 'RECIPE'"),
                        line -> assertThat(line).endsWith("none.conf: there is no such file"),
                        line -> assertThat(line).endsWith("none.conf: there is no such file"),
                        line -> assertThat(line).contains("No FileSystem for scheme \"hdf\""),
                        line -> assertThat(line).endsWith("did you mean train.epochs?"));
    }

    @Test
    void namesTheCommandThatWritesTheSamplesOfARecipe() throws IOException {
        String output = "output.directory=" + folder.resolve("samples-run");
        Path samples = folder.resolve("samples");
        String[] conf = {"quickstart.conf", "sample-pretrain.conf"};
        for (String name : conf) {
            String text = Files.readString(Path.of("../conf", name));
            String moved = Files.writeString(folder.resolve(name), text.replace("runs/samples", samples.toString()))
                    .toString();
            for (String[] command : new String[][] {{"finetune"}, {"finetune", "--dry-run"}, {"prepare"}}) {
                List<String> words = new ArrayList<>(List.of(command));
                words.addAll(List.of(moved, "--set", output));
                errors.reset();
                assertThat(run(words.toArray(String[]::new))).isEqualTo(3);
                assertThat(said().strip())
                        .isEqualTo(("Cannot read %1$s: it is not there; submit/submit.sh sample %1$s "
                                        + "writes these samples and their model")
                                .formatted(samples));
            }
        }
        assertThat(program.calls).isEmpty();

        // Written, or one's own files beside the samples' model: the job itself says what it misses.
        Files.createDirectories(samples.resolve("model"));
        assertThat(run("finetune", folder.resolve(conf[0]).toString(), "--set", output))
                .isZero();
        Files.delete(samples.resolve("model"));
        assertThat(run(
                        "finetune",
                        folder.resolve(conf[0]).toString(),
                        "--set",
                        output,
                        "-s",
                        "data.dev.paths=[mine.tsv]"))
                .isZero();
        assertThat(program.calls).hasSize(2);
    }

    @Test
    void readsARecipeFromAHadoopUri() {
        assertThat(run("prepare", "file://" + recipe)).isZero();
        assertThat(program.calls).containsExactly("prepare mine");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(JobException.config("a"), 2, "a"),
                Arguments.of(JobException.input("a"), 3, "a"),
                Arguments.of(new JobException(FailureKind.GATE, "a"), 4, "a"),
                Arguments.of(DatasetException.config("a"), 2, "a"),
                Arguments.of(new IllegalStateException("x", DatasetException.input("a\n b")), 3, "a b"),
                Arguments.of(new IllegalArgumentException("Invalid backend: x"), 2, "Invalid backend: x"),
                Arguments.of(new UnusableDeviceException("no GPU", new IOException("no such program")), 2, "no GPU"),
                Arguments.of(new UncheckedIOException(new FileNotFoundException("a")), 3, "a"),
                Arguments.of(new UncheckedIOException("Cannot read a: reset", new IOException("reset")), 75, "Cannot"),
                Arguments.of(new RuntimeException(new SparkException("Job aborted: lost executor")), 75, "Job aborted"),
                Arguments.of(new IllegalStateException(new SparkException(TASK_FAULT)), 1, "Cannot go on: "),
                Arguments.of(new UncheckedIOException(new JsonParseException(null, "{")), 1, "Cannot go on: "),
                Arguments.of(
                        new IllegalStateException("bug"), 1, "Cannot go on: java.lang.IllegalStateException: bug"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failsWithOneSentenceAndAnExitCode(RuntimeException failure, int exitCode, String sentence) {
        program.failure = failure;

        assertThat(run("finetune", recipe)).isEqualTo(exitCode);
        assertThat(said()).startsWith(sentence).doesNotContain("\tat ");
        assertThat(run("finetune", recipe, "--verbose")).isEqualTo(exitCode);
        assertThat(said()).contains("\tat ");
    }

    @Test
    void promisesToGoOnFromACheckpointWhereThereIsOne() {
        program.failure = new JobException(FailureKind.RETRYABLE, "a");

        assertThat(run("finetune", recipe)).isEqualTo(75);
        assertThat(said()).endsWith("Started again, the run goes on from its last checkpoint.\n");
        errors.reset();
        assertThat(run("prepare", recipe)).isEqualTo(75);
        assertThat(said()).endsWith("Started again, the command may end well.\n");
    }

    private List<String> commands(String... parent) {
        out.reset();
        List<String> help = new ArrayList<>(List.of(parent));
        help.add("--help");
        assertThat(run(help.toArray(String[]::new))).isZero();
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .dropWhile(line -> !line.startsWith("Commands:"))
                .filter(line -> line.matches("  \\w.*"))
                .map(line -> line.strip().split(" ", 2)[0])
                .toList();
    }

    @Test
    void showsWhereAFailureCameFromForEveryCommand() {
        List<String[]> all = new ArrayList<>();
        commands().forEach(name -> all.add(new String[] {name}));
        commands("benchmark").forEach(name -> all.add(new String[] {"benchmark", name}));
        assertThat(all).hasSizeGreaterThan(15);

        for (String[] command : all) {
            out.reset();
            commands(command);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .as(String.join(" ", command))
                    .contains("--verbose");
        }
        assertThat(run("sample", "none:/x", "--verbose")).isNotZero();
        assertThat(said()).contains("\tat ");
        program.failure = new IllegalStateException("bug");
        errors.reset();
        assertThat(run("--verbose", "prepare", recipe)).isEqualTo(1);
        assertThat(said()).contains("\tat ");
    }

    @Test
    void helpsAndNamesItsVersion() {
        assertThat(run("--help")).isZero();
        assertThat(run("finetune", "--help")).isZero();
        assertThat(run("--version")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("finetune", "prepare", "evaluate", "predict", "Exit codes", "--dry-run", "--set")
                .containsPattern("sparkpeft \\d+\\.\\d+\\S* \\(commit ([0-9a-f]{40}( with changes)?|unknown)\\)")
                .doesNotContain("${");
        assertThat(program.calls).isEmpty();
    }
}
