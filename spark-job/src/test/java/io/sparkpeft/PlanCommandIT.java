package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.fault.kernel.HeldGpuProvider;
import io.sparkpeft.run.Exported;
import io.sparkpeft.spark.wire.RoundWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A plan says what the run will do, finds what would stop it, and writes nothing. */
class PlanCommandIT {
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

    private static CommandRunner.Result plan(String... changes) {
        String[] arguments = Stream.concat(
                        Stream.of("--dry-run"), Stream.of(changes).flatMap(c -> Stream.of("--set", c)))
                .toArray(String[]::new);
        return commands.run("finetune", run.recipe(), arguments);
    }

    private static void assertRefused(CommandRunner.Result result, int exitCode, String sentence) {
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(exitCode);
        assertThat(result.errors()).contains(sentence).hasLineCount(1);
        assertThat(result.output()).isEmpty();
    }

    private static Set<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(run.file(""))) {
            return all.map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void thePlanIsWhatTheRunDid() throws IOException {
        Exported did = new ObjectMapper()
                .readValue(run.output("stages/masked/exported.json").toFile(), Exported.class);
        CommandRunner.Result result = plan();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.output())
                .contains("finished: nothing is left to do")
                .contains("%,d in ".formatted(did.weights()), "body %,d,".formatted(did.body()))
                .contains("%,d weights pruned (30 %%)".formatted(did.pruned()))
                .contains("%,d of the body tuned (10 %%) and %,d of the head"
                        .formatted(did.tunedBody(), did.tuned() - did.tunedBody()))
                .contains("300 training examples")
                .contains("12 of 8 examples on each of 3 shards, a phase; 3 rounds of 4")
                .contains("(values and two moments of %,d tuned weights)".formatted(did.tuned()));
        assertThat(RoundWire.length(did.tuned(), 8)).isBetween(12 * did.tuned(), 12 * did.tuned() + 2048);
    }

    @Test
    void aPlanWritesNothing() throws IOException {
        Set<String> before = files();
        CommandRunner.Result result =
                plan("output.directory=" + run.file("planned"), "train.steps=0", "train.mode=dense", "data.shards=2");
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.output())
                .contains("planned: new", "prepared", "not yet", "for two classes", "3.0 passes", "(100 %)")
                .contains("nothing pruned");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aBaselineThatTunesMoreCountsToo() {
        String output = "output.directory=" + run.file("planned");
        String mask = memory(plan(output, "evaluate.baselines=[random-mask]"));
        CommandRunner.Result withDense = plan(output, "evaluate.baselines=[random-mask, dense]");
        assertThat(withDense.output()).containsPattern("tuned weights\\); of a baseline at most \\d+\\.\\d kB");
        assertThat(memory(withDense)).isNotEqualTo(mask).isEqualTo(memory(plan(output, "train.mode=dense")));
    }

    /** What the plan says of the driver. */
    private static String memory(CommandRunner.Result plan) {
        assertThat(plan.exitCode()).as(plan.errors()).isZero();
        Matcher driver = Pattern.compile("[^ ]+ .B the driver").matcher(plan.output());
        assertThat(driver.find()).as(plan.output()).isTrue();
        return driver.group();
    }

    @Test
    void aPlanDoesNotAskWhoseTheRunDirectoryIs() {
        CommandRunner.Result other = plan("seed=7");
        assertThat(other.exitCode()).as(other.errors()).isZero();
        assertThat(other.output()).contains("it holds a run of another recipe (seed: 7, not 42)");
    }

    @Test
    void whatWouldStopTheRunIsTold() throws IOException {
        String output = "output.directory=" + run.file("planned");
        assertRefused(
                plan(output, "data.dev.paths=[\"%s\"]".formatted(run.file("gone.tsv"))),
                3,
                "Cannot read %s: no such file or directory".formatted(run.file("gone.tsv")));
        assertRefused(plan(output, "data.label-column=class"), 3, "Cannot find column 'class' in file:");
        assertRefused(plan(output, "evaluate.retention.text-column=story"), 3, "Cannot find column 'story' in file:");
        assertRefused(plan(output, "model.max-length=1000"), 2, "Invalid model.max-length: 1000");
        assertRefused(plan(output, "model.initial-weights=pretrained"), 3, "there is neither model.safetensors nor");
        assertRefused(
                plan(output, "prune.sparsity=0.9999", "update.density=1e-6"), 2, "Cannot prune to sparsity 0.9999");
    }

    @Test
    void theDriverNeedsAGpuOnlyWhereItsTasksDo() {
        String[] changes = {"output.directory=" + run.file("planned"), "model.backend=" + HeldGpuProvider.NAME};
        assertRefused(plan(changes), 2, HeldGpuProvider.SENTENCE);
        String before = System.setProperty("spark.master", "spark://nowhere:7077");
        try {
            CommandRunner.Result result = plan(changes);
            assertThat(result.exitCode()).as(result.errors()).isZero();
        } finally {
            if (before == null) {
                System.clearProperty("spark.master");
            } else {
                System.setProperty("spark.master", before);
            }
        }
    }

    @Test
    void aCutCheckpointIsFoundWithoutReadingIt() throws IOException {
        Path cut = Files.createDirectories(run.file("cut"));
        for (String name : new String[] {"config.json", "tokenizer.json"}) {
            Files.copy(run.output("model").resolve(name), cut.resolve(name));
        }
        byte[] weights = Files.readAllBytes(run.output("model/model.safetensors"));
        Files.write(cut.resolve("model.safetensors"), java.util.Arrays.copyOf(weights, weights.length - 4));
        CommandRunner.Result result = plan(
                "output.directory=" + run.file("planned"), "model.path=" + cut, "model.initial-weights=pretrained");
        assertRefused(result, 3, "model.safetensors: ");
    }
}
