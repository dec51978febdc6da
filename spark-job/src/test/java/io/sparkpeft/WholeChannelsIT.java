package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.mask.Granularity;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The whole job with masks of whole rows and columns, on a pruned model. */
class WholeChannelsIT {
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

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ELEMENT")
    void allThatPruningLeftOfAChannelIsTunedOrNothing(Granularity granularity) throws IOException {
        String whole = granularity.name().toLowerCase(Locale.ROOT);
        SmallWorld.Record record = new SmallWorld.Record();
        JobResult result = new FineTuningJob(
                        world.recipe(whole, "prune.sparsity=0.3", "update.granularity=" + whole), spark, record)
                .run(false);

        Path adapter = world.run(whole).resolve("adapter");
        ParameterLayout layout = layout(whole);
        ParameterMask kept =
                DeltaCodec.decodeMask(Files.readAllBytes(adapter.resolve("prune.mask")), layout, "prune.mask");
        SparseDelta delta =
                DeltaCodec.decode(Files.readAllBytes(adapter.resolve("adapter.delta")), layout, "adapter.delta");
        ParameterMask tuned = delta.index().mask();
        assertThat(tuned.isSubsetOf(kept)).isTrue();
        assertThat(tuned.density()).isBetween(0.09, 0.1);
        assertThat(result.outcome().ending().orElseThrow().exported().tunedBody())
                .isEqualTo(tuned.count(TensorRole.BODY));
        for (int t : layout.indicesOf(TensorRole.BODY)) {
            TensorSpec tensor = layout.tensor(t);
            Map<Integer, Integer> left =
                    members(granularity, tensor, kept.tensor(t).toArray());
            members(granularity, tensor, tuned.tensor(t).toArray()).forEach((channel, size) -> assertThat(size)
                    .as("channel %d of %s", channel, tensor.name())
                    .isEqualTo(left.get(channel)));
        }
    }

    private static Map<Integer, Integer> members(Granularity granularity, TensorSpec tensor, int[] indices) {
        Map<Integer, Integer> members = new HashMap<>();
        for (int index : indices) {
            members.merge(granularity.channel(tensor, index), 1, Integer::sum);
        }
        return members;
    }

    private static ParameterLayout layout(String run) throws IOException {
        return Checkpoints.load(
                        new LocalCheckpointFiles(world.run(run).resolve("model")),
                        Objective.SEQUENCE_CLASSIFICATION,
                        List.of("negative", "positive"),
                        7)
                .parameters()
                .layout();
    }
}
