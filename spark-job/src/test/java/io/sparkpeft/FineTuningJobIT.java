package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.run.Outcome;
import io.sparkpeft.run.RoundReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promises of the whole job, on a model that is small enough to try them all. */
class FineTuningJobIT {
    /** What Spark adds to a task's result of its own: metrics and class names. */
    private static final long ENVELOPE = 2048;

    @TempDir
    static Path temporary;

    private static SmallWorld world;
    private static SparkSession spark;

    @BeforeAll
    static void start() throws IOException {
        world = SmallWorld.in(temporary);
        spark = SmallWorld.session("local[2]");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static JobResult run(Recipe recipe, SmallWorld.Record record) {
        return new FineTuningJob(recipe, spark, record).run(false);
    }

    @Test
    void whatIsWrittenIsWhatTheMasksSay() throws IOException {
        JobResult result = run(world.recipe("exact", "prune.sparsity=0.3"), new SmallWorld.Record());

        PretrainedModel base = Checkpoints.loadRandom(
                new LocalCheckpointFiles(world.directory().resolve("model")),
                Objective.SEQUENCE_CLASSIFICATION,
                labelsOf("exact"),
                world.recipe("exact").seed());
        Path adapterFiles = world.run("exact").resolve("adapter");
        var layout = base.parameters().layout();
        ParameterMask kept =
                DeltaCodec.decodeMask(Files.readAllBytes(adapterFiles.resolve("prune.mask")), layout, "prune.mask");
        SparseDelta adapter =
                DeltaCodec.decode(Files.readAllBytes(adapterFiles.resolve("adapter.delta")), layout, "adapter.delta");
        Parameters exported = Checkpoints.load(
                        new LocalCheckpointFiles(world.run("exact").resolve("model")),
                        Objective.SEQUENCE_CLASSIFICATION,
                        labelsOf("exact"),
                        7)
                .parameters();

        assertThat(1 - kept.density()).isCloseTo(0.3, within(1e-4));
        assertThat(adapter.index().mask().density()).isCloseTo(0.1, within(1e-4));
        assertThat(adapter.index().mask().isSubsetOf(kept)).isTrue();
        assertThat(adapter.index().mask().count(TensorRole.HEAD)).isEqualTo(layout.size(TensorRole.HEAD));

        Parameters rebuilt = base.parameters().copy();
        kept.zeroOutside(rebuilt);
        float[] originals = adapter.apply(rebuilt);
        assertThat(rebuilt.fingerprint()).isEqualTo(exported.fingerprint());
        adapter.revert(rebuilt, originals);
        Parameters pruned = base.parameters().copy();
        kept.zeroOutside(pruned);
        assertThat(rebuilt.fingerprint()).isEqualTo(pruned.fingerprint());
        assertThat(result.outcome().measurement().values()).containsKeys("accuracy", "retention-ce");
    }

    @Test
    void aFinishedRunIsLeftAsItIs() throws IOException {
        run(world.recipe("twice"), new SmallWorld.Record());
        byte[] adapter = Files.readAllBytes(world.run("twice").resolve("adapter/adapter.delta"));
        long written = Files.getLastModifiedTime(world.run("twice").resolve("result.json"))
                .toMillis();

        SmallWorld.Record second = new SmallWorld.Record();
        JobResult again = run(world.recipe("twice"), second);

        assertThat(again.isFinishedEarlier()).isTrue();
        assertThat(second.rounds).isEmpty();
        assertThat(second.sentences).singleElement().asString().startsWith("nothing to do: ");
        assertThat(Files.readAllBytes(world.run("twice").resolve("adapter/adapter.delta")))
                .isEqualTo(adapter);
        assertThat(Files.getLastModifiedTime(world.run("twice").resolve("result.json"))
                        .toMillis())
                .isEqualTo(written);
    }

    @Test
    void anInterruptedRunGoesOnToTheSameBits() throws IOException {
        run(world.recipe("whole", "train.moments=average-bf16"), new SmallWorld.Record());
        SmallWorld.Record broken = new SmallWorld.Record() {
            @Override
            public void round(RoundReport report) {
                super.round(report);
                if (report.round() == 2) {
                    throw new IllegalStateException("the driver dies");
                }
            }
        };
        assertThatThrownBy(() -> run(world.recipe("broken", "train.moments=average-bf16"), broken))
                .hasMessage("the driver dies");
        assertThat(world.run("broken").resolve("_SUCCESS")).doesNotExist();

        SmallWorld.Record resumed = new SmallWorld.Record();
        run(world.recipe("broken", "train.moments=average-bf16"), resumed);

        assertThat(resumed.rounds).extracting(RoundReport::round).containsExactly(2, 3);
        assertThat(Files.readAllBytes(world.run("broken").resolve("adapter/adapter.delta")))
                .isEqualTo(Files.readAllBytes(world.run("whole").resolve("adapter/adapter.delta")));
        try (Stream<String> lines = Files.lines(world.run("broken").resolve("metrics.jsonl"))) {
            assertThat(lines.filter(line -> line.contains("\"kind\":\"round\"")))
                    .hasSize(3);
        }
    }

    @Test
    void aRoundMovesLessThanTheTunedWeights() throws IOException {
        for (String moments : List.of("average", "average-bf16", "reset")) {
            SmallWorld.Record record = new SmallWorld.Record();
            JobResult result = run(world.recipe("bytes-" + moments, "train.moments=" + moments), record);
            long tuned = result.outcome().ending().orElseThrow().exported().tuned();
            long whole =
                    tuned * Map.of("average", 12, "average-bf16", 8, "reset", 4).get(moments);
            // A shard returns differences, of which the high bytes are few, and no value is sent as a whole float.
            assertThat(record.rounds).hasSize(3).allSatisfy(round -> {
                assertThat(round.bytesUp()).isBetween(tuned, whole * 9 / 10 + ENVELOPE);
                assertThat(round.bytesDown()).isBetween(tuned, whole * 9 / 10 + ENVELOPE);
            });
        }
    }

    @Test
    void baselinesTuneAsManyWeightsOrAllOrNone() {
        JobResult result =
                run(world.recipe("modes", "evaluate.baselines=[dense,random-mask,head-only]"), new SmallWorld.Record());

        assertThat(result.outcomes())
                .extracting(Outcome::mode)
                .containsExactly(TrainMode.DENSE, TrainMode.RANDOM_MASK, TrainMode.HEAD_ONLY, TrainMode.MASKED);
        long body = result.outcome().ending().orElseThrow().exported().body();
        assertThat(result.outcomes())
                .extracting(outcome -> outcome.ending().orElseThrow().exported().tunedBody())
                .containsExactly(body, Math.round(0.1 * body), 0L, Math.round(0.1 * body));
    }

    @Test
    void everyPhasePrunesFurtherAndARejectedOneIsRolledBack() throws IOException {
        SmallWorld.Record record = new SmallWorld.Record();
        JobResult accepted = run(
                world.recipe(
                        "phases",
                        "prune.sparsity=0.4",
                        "prune.schedule=cubic",
                        "prune.phases=3",
                        "refine.tolerance=1",
                        "update.density=1"),
                record);
        assertThat(accepted.outcome().phases())
                .extracting(phase -> phase.plan().sparsity())
                .isSorted()
                .hasSize(3)
                .last()
                .isEqualTo(0.4);
        assertThat(accepted.outcome().stopReason()).isEqualTo("target sparsity reached");

        JobResult rejected = run(
                world.recipe("rejected", "prune.sparsity=0.4", "refine.max-phases=2", "refine.max-delta-ce=-100"),
                new SmallWorld.Record());
        assertThat(rejected.outcome().verdicts())
                .extracting(verdict -> verdict.accepted())
                .containsExactly(false, false);
        assertThat(rejected.outcome().phases())
                .extracting(phase -> phase.plan().sparsity())
                .containsExactly(0.4, 0.2);
        assertThat(rejected.outcome().accepted().pruneMask().isNone()).isTrue();
        assertThat(result("rejected")
                        .path("modes")
                        .path("masked")
                        .path("phases")
                        .get(1)
                        .path("reason")
                        .asText())
                .contains("the limit is -100");
    }

    @Test
    void exchangedWeightsKeepTheirNumber() {
        JobResult result = run(
                world.recipe("exchange", "refine.drop-and-grow.every-rounds=1", "refine.drop-and-grow.share=0.5"),
                new SmallWorld.Record());
        var exported = result.outcome().ending().orElseThrow().exported();
        assertThat(exported.tunedBody()).isEqualTo(Math.round(0.1 * exported.body()));
        assertThat(world.run("exchange").resolve("artefacts/masked/masked-phase-1-round-2-update.mask"))
                .exists();
    }

    @Test
    void columnsWithoutAHeaderGoByTheNamesOfTheRecipe() throws IOException {
        Path headless = world.directory().resolve("headless.tsv");
        List<String> lines = Files.readAllLines(world.directory().resolve("task-a/dev.tsv"));
        Files.write(headless, lines.subList(1, lines.size()));
        String[] changes = {"data.header=false", "data.columns=[label, sentence]", "data.limit=0", "train.steps=2"};
        JobResult result = run(
                world.recipe(
                        "headless",
                        Stream.concat(
                                        Stream.of(changes),
                                        Stream.of(
                                                "data.train.paths=[\"" + headless + "\"]",
                                                "data.dev.paths=[\"" + headless + "\"]"))
                                .toArray(String[]::new)),
                new SmallWorld.Record());
        assertThat(result.outcome().measurement().examples()).isEqualTo(lines.size() - 1);

        assertThatThrownBy(() -> run(
                        world.recipe(
                                "headless-wrong", "data.header=false", "data.columns=[label, text]", "train.steps=2"),
                        new SmallWorld.Record()))
                .hasMessage("Cannot find column sentence: data.columns names [label, text]");
    }

    @Test
    void aLossThatIsNoNumberStopsTheRunBeforeTheUpdate() {
        assertThatThrownBy(() -> run(
                        world.recipe("nan", "train.learning-rate=1e30", "update.density=1", "train.schedule=constant"),
                        new SmallWorld.Record()))
                .hasMessageMatching(
                        "Cannot finish round \\d+ on shard \\d: Cannot go on at local step \\d+: mean loss .*"
                                + "; a lower learning rate or clipping may help");
        assertThat(world.run("nan").resolve("_SUCCESS")).doesNotExist();
        assertThat(world.run("nan").resolve("adapter")).doesNotExist();
    }

    @Test
    void aResultBelowTheGateIsToldSo() {
        JobResult result = run(world.recipe("gate", "evaluate.gate.metric=0.999"), new SmallWorld.Record());
        assertThat(result.isGateMet()).isFalse();
        assertThat(result.gateFailure()).startsWith("accuracy is 0.").endsWith("evaluate.gate.metric asks for 0.9990");
        assertThat(world.run("gate").resolve("_GATE_NOT_MET")).exists();
        assertThat(world.run("gate").resolve("_SUCCESS")).doesNotExist();
    }

    private static JsonNode result(String run) throws IOException {
        return new ObjectMapper().readTree(world.run(run).resolve("result.json").toFile());
    }

    private static List<String> labelsOf(String run) throws IOException {
        JsonNode names = new ObjectMapper()
                .readTree(world.run(run).resolve("model/config.json").toFile())
                .path("id2label");
        return Stream.iterate(0, i -> i + 1)
                .limit(names.size())
                .map(i -> names.path(Integer.toString(i)).asText())
                .toList();
    }
}
