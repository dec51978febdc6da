package io.sparkpeft.dl4j.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.dl4j.network.FlatWeights;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.param.Parameters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;

/** What {@code finetune} of a DL4J network leaves behind has the form of every run of this program. */
class RunDirectoryIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path world;

    private static Path run;
    private static Typed typed;

    @BeforeAll
    static void tune() throws IOException {
        assertThat(Typed.here("sample", world.toString(), "--network").exitCode())
                .isZero();
        ModelSerializer.writeModel(normalised(), world.resolve("normalised.zip").toFile(), false);
        run = world.resolve("run");
        Files.writeString(world.resolve("told.conf"), """
                model.path = "WORLD/normalised.zip"
                data {
                  train.paths = ["WORLD/train.csv"], dev.paths = ["WORLD/dev.csv"], test.paths = ["WORLD/test.csv"]
                  label-column = kind, shards = 2
                }
                task.labels = [near, far, farther]
                prune.sparsity = 0.3
                update.density = 0.2
                importance.examples = 100
                train { epochs = 2, batch-size = 25, local-steps = 10 }
                evaluate.baselines = [dense]
                output.directory = "WORLD/run"
                """.replace("WORLD", world.toString()));
        typed = Typed.here("finetune", world.resolve("told.conf").toString());
        assertThat(typed.exitCode()).as(typed.text()).isZero();
    }

    /** With running statistics, which the adapter must hold too. */
    private static MultiLayerNetwork normalised() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Nesterovs(0.05, 0.9))
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(8).nOut(12).build())
                .layer(new BatchNormalization.Builder().nIn(12).nOut(12).build())
                .layer(new OutputLayer.Builder()
                        .nIn(12)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static JsonSchema schema(String name) throws IOException {
        try (InputStream in = Recipe.class.getResourceAsStream("/io/sparkpeft/schema/" + name)) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(JSON.readTree(in));
        }
    }

    private static JsonNode result() throws IOException {
        return JSON.readTree(run.resolve("result.json").toFile());
    }

    private static List<JsonNode> metrics() throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    @Test
    void theResultIsValid() throws IOException {
        assertThat(schema("result-1.json").validate(result())).isEmpty();
        assertThat(result().path("result-mode").asText()).isEqualTo("masked");
        assertThat(result().path("modes").fieldNames()).toIterable().containsExactly("dense", "masked");
        assertThat(result().at("/modes/masked/test/examples").asInt()).isEqualTo(500);
    }

    @Test
    void everyRoundIsALineOfTheMetrics() throws IOException {
        JsonSchema schema = schema("metrics-1.json");
        Set<String> kinds = new HashSet<>();
        for (JsonNode row : metrics()) {
            assertThat(schema.validate(row)).as(row.toString()).isEmpty();
            kinds.add(row.path("kind").asText());
        }
        assertThat(kinds).containsExactlyInAnyOrder("round", "evaluation", "stage", "energy");
        // The larger of two shards has more than 750 of 1,500 examples: 31 or 32 steps an epoch, averaged every 10.
        for (String mode : List.of("dense", "masked")) {
            List<JsonNode> rounds = metrics().stream()
                    .filter(row -> row.path("kind").asText().equals("round")
                            && row.path("mode").asText().equals(mode))
                    .toList();
            assertThat(rounds).hasSize(2 * 4);
            assertThat(rounds.stream()
                            .mapToLong(row -> row.path("examples").asLong())
                            .sum())
                    .isEqualTo(2 * 1500);
            assertThat(rounds)
                    .allMatch(row -> row.path("bytes-down").asLong() > 0
                            && row.path("bytes-up").asLong() > 0
                            && row.path("learning-rate").asDouble() == 0.05);
            assertThat(rounds.get(7).path("loss").asDouble())
                    .isLessThan(rounds.get(0).path("loss").asDouble());
        }
    }

    @Test
    void baseAndAdapterGiveTheNetworkBitForBit() throws IOException {
        Network base = Network.of(ModelSerializer.restoreMultiLayerNetwork(
                world.resolve("normalised.zip").toFile(), false));
        NetworkLayout layout = NetworkLayout.of(base, List.of());
        Parameters weights = FlatWeights.split(layout.layout(), base.weights());
        byte[] mask = Files.readAllBytes(run.resolve("adapter/prune.mask"));
        byte[] delta = Files.readAllBytes(run.resolve("adapter/adapter.delta"));
        DeltaCodec.decodeMask(mask, layout.layout(), "prune.mask").zeroOutside(weights);
        DeltaCodec.decode(delta, layout.layout(), "adapter.delta").apply(weights);
        MultiLayerNetwork tuned = ModelSerializer.restoreMultiLayerNetwork(
                run.resolve("model/network.zip").toFile());
        assertThat(FlatWeights.join(weights)).isEqualTo(tuned.params().toFloatVector());
        assertThat(tuned.getParam("1_mean").norm2Number().floatValue()).isPositive();
        assertThat(delta.length)
                .isEqualTo(result().at("/modes/masked/exported/adapter-bytes").asInt());
    }

    @Test
    void theReportTellsOfTheNetwork() throws IOException {
        assertThat(typed.text()).contains("the report is ").contains("masked phase 1 round 8/8  loss ");
        String page = Files.readString(run.resolve("report.html"));
        assertThat(page)
                .contains("DL4J network, masked")
                .contains("restoreMultiLayerNetwork(new File(&quot;" + run + "/model/network.zip&quot;))")
                .contains("1_gamma", "a DL4J network has no pre-training objective")
                .doesNotContain("transformers");
        for (JsonNode row : metrics()) {
            if (row.path("kind").asText().equals("round")) {
                assertThat(page).contains(row.path("loss").asText());
            }
        }
        Files.delete(run.resolve("report.html"));
        assertThat(Typed.here("report", run.toString()).exitCode()).isZero();
        assertThat(run.resolve("report.html")).exists();
    }

    @Test
    void theManifestSaysWhereItCameFrom() throws IOException {
        JsonNode manifest = JSON.readTree(run.resolve("manifest.json").toFile());
        assertThat(manifest.path("baseFingerprint").asText()).matches("[0-9a-f]{64}");
        assertThat(manifest.at("/dataDigests/train").asText()).matches("[0-9a-f]{16} of 1500 rows");
        assertThat(manifest.at("/versions/spark").asText()).isEqualTo("3.5.5");
    }

    @Test
    void theResultCanBePromoted() throws IOException {
        Path serving = world.resolve("serving");
        Typed promoted = Typed.here("promote", run.toString(), "--to", serving.toString());
        assertThat(promoted.exitCode()).as(promoted.text()).isZero();
        JsonNode current = JSON.readTree(serving.resolve("current.json").toFile());
        Path copy = serving.resolve("versions/" + current.path("version").asText() + "/model/network.zip");
        assertThat(copy).hasSameBinaryContentAs(run.resolve("model/network.zip"));
    }
}
