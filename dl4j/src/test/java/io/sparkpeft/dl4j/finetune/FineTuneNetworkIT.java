package io.sparkpeft.dl4j.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** {@code finetune} with a DL4J network, as a user types it. */
class FineTuneNetworkIT {
    private static final String KINDS = "[near, far, farther]";

    @TempDir
    static Path world;

    @BeforeAll
    static void sample() {
        Typed sample = Typed.here("sample", world.toString(), "--network");
        assertThat(sample.exitCode()).as(sample.text()).isZero();
    }

    private static Path recipe(String name, String changes) throws IOException {
        String text = """
                model.path = "WORLD/network.zip"
                data {
                  train.paths = ["WORLD/train.csv"]
                  dev.paths = ["WORLD/dev.csv"]
                  label-column = kind
                  shards = 3
                }
                task.labels = KINDS
                prune.sparsity = 0.3
                update.density = 0.2
                importance.examples = 100
                train { epochs = 2, batch-size = 16, local-steps = 10 }
                output.directory = "WORLD/runs/NAME"
                """.replace("KINDS", KINDS);
        Path file = world.resolve(name + ".conf");
        Files.writeString(
                file, (text + changes + "\n").replace("WORLD", world.toString()).replace("NAME", name));
        return file;
    }

    private static JsonNode result(String name) throws IOException {
        return new ObjectMapper()
                .readTree(world.resolve("runs/" + name + "/result.json").toFile());
    }

    private static Path zip(String name) {
        return world.resolve("runs/" + name + "/model/network.zip");
    }

    private static float[] weights(String name) throws IOException {
        return ModelSerializer.restoreMultiLayerNetwork(zip(name).toFile())
                .params()
                .toFloatVector();
    }

    private static long zeros(float[] weights) {
        long zeros = 0;
        for (float weight : weights) {
            zeros += weight == 0 ? 1 : 0;
        }
        return zeros;
    }

    /** By stock DL4J and nothing else. */
    private static double accuracy(MultiLayerNetwork network) throws IOException {
        List<String> rows = Files.readAllLines(world.resolve("dev.csv"));
        List<String> kinds = List.of("near", "far", "farther");
        int right = 0;
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",");
            INDArray point = Nd4j.create(1, 8);
            for (int c = 0; c < 8; c++) {
                point.putScalar(0, c, Float.parseFloat(cells[c]));
            }
            right += network.predict(point)[0] == kinds.indexOf(cells[8]) ? 1 : 0;
        }
        return (double) right / (rows.size() - 1);
    }

    @Test
    void separateExecutorsTuneAZipThatStockDl4jLoads() throws Exception {
        Path recipe = recipe("cluster", "");
        Typed cluster = Typed.script("--master", "local-cluster[2,1,1024]", "finetune", recipe.toString());
        assertThat(cluster.exitCode()).as(cluster.text()).isZero();
        assertThat(cluster.text()).contains("masked, pruned");

        MultiLayerNetwork tuned =
                ModelSerializer.restoreMultiLayerNetwork(zip("cluster").toFile());
        JsonNode result = result("cluster");
        JsonNode own = result.at("/modes/masked");
        JsonNode exported = own.get("exported");
        assertThat(own.at("/after/accuracy").asDouble()).isCloseTo(accuracy(tuned), within(1e-9));
        assertThat(accuracy(tuned)).isGreaterThan(result.at("/before/accuracy").asDouble() + 0.1);
        float[] base = ModelSerializer.restoreMultiLayerNetwork(
                        world.resolve("network.zip").toFile())
                .params()
                .toFloatVector();
        float[] weights = tuned.params().toFloatVector();
        assertThat(zeros(base)).isZero();
        assertThat(zeros(weights)).isEqualTo(exported.get("pruned-weights").asLong());
        assertThat(exported.get("sparsity").asDouble()).isCloseTo(0.3, within(1e-3));
        long changed = 0;
        for (int i = 0; i < base.length; i++) {
            changed += weights[i] != 0 && weights[i] != base[i] ? 1 : 0;
        }
        assertThat(changed)
                .isPositive()
                .isLessThanOrEqualTo(exported.get("tuned-weights").asLong());

        Typed again = Typed.here("finetune", recipe.toString());
        assertThat(again.exitCode()).isZero();
        assertThat(again.text()).contains("is done already");

        // One thread, other files of the same rows: the same bits.
        List<String> rows = Files.readAllLines(world.resolve("train.csv"));
        Files.createDirectories(world.resolve("parts.csv"));
        for (int part = 0; part < 2; part++) {
            List<String> lines = new ArrayList<>(List.of(rows.get(0)));
            for (int r = rows.size() - 1; r > 0; r--) {
                if (r % 2 == part) {
                    lines.add(rows.get(r));
                }
            }
            Files.write(world.resolve("parts.csv/" + part + ".csv"), lines);
        }
        Typed local = Typed.here(
                "finetune",
                recipe("local", "data.train.paths = [\"WORLD/parts.csv\"]").toString());
        assertThat(local.exitCode()).as(local.text()).isZero();
        assertThat(weights("local")).isEqualTo(weights);
    }

    @Test
    void graphsTakeParquetWithArrays() throws Exception {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(0.01))
                .graphBuilder()
                .addInputs("point")
                .addLayer("hidden", hidden(8), "point")
                .addLayer("kind", output(), "hidden")
                .setOutputs("kind")
                .build());
        graph.init();
        ModelSerializer.writeModel(graph, world.resolve("graph.zip").toFile(), false);
        try (SparkSession session = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate()) {
            for (String set : List.of("train", "dev")) {
                session.read()
                        .option("header", true)
                        .csv(world.resolve(set + ".csv").toString())
                        .selectExpr(
                                "array(double(a), double(b), double(c), double(d)) as first",
                                "kind",
                                "float(e) as e",
                                "f",
                                "int(0) as unused",
                                "array(double(g), double(h)) as last")
                        .write()
                        .parquet(world.resolve(set + ".parquet").toString());
            }
        }
        Typed tuned = Typed.here("finetune", recipe("graph", """
                model.path = "WORLD/graph.zip"
                data.train.paths = ["WORLD/train.parquet"]
                data.dev.paths = ["WORLD/dev.parquet"]
                data.feature-columns = [first, e, f, last]
                evaluate.baselines = [dense, random-mask]
                """).toString());
        assertThat(tuned.exitCode()).as(tuned.text()).isZero();
        assertThat(tuned.text()).contains("dense, tuned").contains("random-mask, tuned");
        ComputationGraph loaded =
                ModelSerializer.restoreComputationGraph(zip("graph").toFile());
        assertThat(zeros(loaded.params().toFloatVector()))
                .isGreaterThanOrEqualTo(result("graph")
                        .at("/modes/masked/exported/pruned-weights")
                        .asLong());
    }

    private static DenseLayer hidden(int inputs) {
        return new DenseLayer.Builder()
                .nIn(inputs)
                .nOut(12)
                .activation(Activation.TANH)
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder()
                .nIn(12)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static void network(String name, int inputs, IUpdater updater) throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(updater)
                .list()
                .layer(hidden(inputs))
                .layer(output())
                .build());
        network.init();
        ModelSerializer.writeModel(network, world.resolve(name).toFile(), false);
    }

    private static void fails(int exitCode, String changes, String sentence) throws IOException {
        Typed typed = Typed.here("finetune", recipe("wrong", changes).toString());
        assertThat(typed.text()).contains(sentence);
        assertThat(typed.text().lines()).hasSizeLessThan(4);
        assertThat(typed.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void whatIsWrongIsSaidInASentence() throws Exception {
        Files.writeString(world.resolve("noise.zip"), "no zip at all");
        try (ZipOutputStream other = new ZipOutputStream(Files.newOutputStream(world.resolve("other.zip")))) {
            other.putNextEntry(new ZipEntry("letter.txt"));
        }
        network("wide.zip", 11, new Adam());
        network("adadelta.zip", 8, new AdaDelta());
        fails(3, "model.path = \"WORLD/none.zip\"", "none.zip: there is no such file");
        fails(3, "model.path = \"WORLD/noise.zip\"", "noise.zip: it is no network that DL4J's ModelSerializer wrote");
        fails(3, "model.path = \"WORLD/other.zip\"", "(it has no entry configuration.json)");
        fails(3, "model.path = \"WORLD/wide.zip\"", "it has 8 feature columns, the network takes 11 numbers");
        fails(2, "model.path = \"WORLD/adadelta.zip\"", "Cannot train with updater AdaDelta");
        fails(3, "data.label-column = sort", "there is no column sort, which data.label-column names (there are: a, b");
        fails(3, "data.feature-columns = [a, x]", "there is no column x, which data.feature-columns names");
        fails(3, "data.feature-columns = [a, b]", "it has 2 feature columns, the network takes 8 numbers");
        fails(3, "data.label-column = a, task.labels = []", "rows cannot be used");
        fails(3, "task.labels = [near, far]", "its labels are of 2 classes (near, far), the network has 3 outputs");
        fails(3, "task.labels = [near, far, away]", "a row's label farther is not in task.labels");
        fails(3, "data.train.paths = [\"WORLD/none.csv\"]", "Cannot read");
        fails(2, "data.train.paths = [\"WORLD/train\"]", "a DL4J network reads csv, tsv or parquet");
        fails(2, "train.learning-rate = 0.1", "Invalid train.learning-rate: 0.1 means nothing for a DL4J network");
        fails(2, "task.type = causal-lm", "Invalid task.");
        fails(2, "evaluate.baselines = [head-only]", "there are masked, dense and random-mask");
    }

    @Test
    void missingSamplesAreSaidWithTheCommandThatWritesThem() throws IOException {
        Path samples = world.resolve("samples");
        String bundled = Files.readString(Path.of("../conf/dl4j.conf"));
        Path recipe = Files.writeString(
                world.resolve("bundled.conf"), bundled.replace("runs/dl4j-samples", samples.toString()));
        Typed typed = Typed.here("finetune", recipe.toString());
        assertThat(typed.text())
                .contains(
                        "Cannot read %1$s: it is not there; submit/submit.sh sample %1$s --network writes these samples and their model"
                                .formatted(samples));
        assertThat(typed.exitCode()).isEqualTo(3);
        assertThat(samples).doesNotExist();
    }

    @Test
    void planSaysWhatItIs() throws IOException {
        Typed plan = Typed.here("finetune", recipe("plan", "").toString(), "--dry-run");
        assertThat(plan.exitCode()).as(plan.text()).isZero();
        assertThat(plan.text()).contains("network: 2,931 weights, 8 inputs, 3 classes");
        assertThat(world.resolve("runs/plan")).doesNotExist();
    }

    @Test
    void resultBelowTheGateEndsWithFour() throws IOException {
        Typed typed = Typed.here(
                "finetune",
                recipe("gate", "evaluate.gate.metric = 0.99, train.epochs = 1").toString());
        assertThat(typed.text())
                .contains("Cannot pass the gate: accuracy is 0.")
                .contains(", evaluate.gate.metric asks for 0.9900");
        assertThat(typed.exitCode()).isEqualTo(4);
        assertThat(world.resolve("runs/gate/_GATE_NOT_MET")).exists();
        assertThat(Typed.here("finetune", world.resolve("gate.conf").toString()).exitCode())
                .isEqualTo(4);
    }
}
