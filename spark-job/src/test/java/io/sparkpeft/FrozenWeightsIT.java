package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.export.MergedModel;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.param.Bfloat16;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.source.PrunedWeights;
import io.sparkpeft.param.source.RoundedWeights;
import io.sparkpeft.param.source.TunedWeights;
import io.sparkpeft.spark.OwnSession;
import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code model.frozen-weights = bf16} the rounded weights are the base of everything that is told and written. */
class FrozenWeightsIT {
    private static final String[] CHANGES = {"model.frozen-weights=bf16", "prune.sparsity=0.3", "update.density=0.05"};

    @TempDir
    static Path temporary;

    private static SmallWorld world;

    @BeforeAll
    static void run() throws IOException {
        world = SmallWorld.in(temporary);
        for (int cores = 1; cores <= 2; cores++) {
            try (OwnSession own = OwnSession.of(SmallWorld.session("local[%d]".formatted(cores)))) {
                SparkSession spark = own.session();
                Recipe recipe = world.recipe("on-" + cores, CHANGES);
                new FineTuningJob(recipe, spark, new SmallWorld.Record()).run(false);
            }
        }
    }

    @AfterAll
    static void stop() {
        SparkSession.clearActiveSession();
    }

    private static byte[] file(int cores, String name) throws IOException {
        return Files.readAllBytes(world.run("on-" + cores).resolve(name));
    }

    private static List<String> labels() throws IOException {
        JsonNode names =
                new ObjectMapper().readTree(file(1, "model/config.json")).path("id2label");
        return IntStream.range(0, names.size())
                .mapToObj(i -> names.path(Integer.toString(i)).asText())
                .toList();
    }

    private static Parameters base() throws IOException {
        return Checkpoints.loadRandom(
                        new LocalCheckpointFiles(world.directory().resolve("model")),
                        Objective.SEQUENCE_CLASSIFICATION,
                        labels(),
                        world.recipe("base").seed())
                .parameters();
    }

    private static Parameters exported(Path directory) throws IOException {
        return Checkpoints.load(new LocalCheckpointFiles(directory), Objective.SEQUENCE_CLASSIFICATION, labels(), 7)
                .parameters();
    }

    @Test
    void theBitsDoNotDependOnTheTasksAtOnce() throws IOException {
        for (String name : List.of("adapter/adapter.delta", "adapter/prune.mask", "model/model.safetensors")) {
            assertThat(file(2, name)).as(name).isEqualTo(file(1, name));
        }
    }

    @Test
    void whatIsExportedIsTheRoundedBaseWithTheTunedValues() throws IOException {
        Parameters base = base();
        ParameterLayout layout = base.layout();
        ParameterMask kept = DeltaCodec.decodeMask(file(1, "adapter/prune.mask"), layout, "prune.mask");
        SparseDelta delta = DeltaCodec.decode(file(1, "adapter/adapter.delta"), layout, "adapter.delta");
        RoundedWeights rounded = new RoundedWeights(base);
        Parameters exported = exported(world.run("on-1").resolve("model"));

        assertThat(exported.fingerprint())
                .isEqualTo(new TunedWeights(new PrunedWeights(rounded, kept), delta.index(), delta.values())
                        .fingerprint());
        assertThat(exported.fingerprint())
                .isNotEqualTo(
                        new TunedWeights(new PrunedWeights(base, kept), delta.index(), delta.values()).fingerprint());
        int tunedBeyondHalves = 0;
        for (int t = 0; t < layout.count(); t++) {
            for (int i = 0; RoundedWeights.rounds(layout.tensor(t)) && i < exported.tensor(t).length; i++) {
                boolean tuned = delta.index().mask().contains(t, i);
                assertThat(tuned || Bfloat16.holds(exported.tensor(t)[i])).isTrue();
                tunedBeyondHalves += Bfloat16.holds(exported.tensor(t)[i]) ? 0 : 1;
            }
        }
        assertThat(tunedBeyondHalves).isPositive();
    }

    @Test
    void theAdapterFitsTheRoundedBaseAlone() throws IOException {
        Configuration configuration = new Configuration();
        String adapter = world.run("on-1").resolve("adapter").toString();
        Path merged = world.directory().resolve("merged");

        MergedModel.read(world.recipe("merge", CHANGES), adapter, configuration)
                .write(Storage.at(merged.toString(), configuration));
        assertThat(exported(merged).fingerprint())
                .isEqualTo(exported(world.run("on-1").resolve("model")).fingerprint());

        assertThatThrownBy(() -> MergedModel.read(world.recipe("merge"), adapter, configuration))
                .hasMessageContaining("it belongs to the weights");
    }
}
