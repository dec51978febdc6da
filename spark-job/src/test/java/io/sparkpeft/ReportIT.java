package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.cli.CommandLineProgram;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.console.Console;
import io.sparkpeft.report.Browser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page of a run shows the run's own numbers, asks nothing of the network, and draws in a browser. */
class ReportIT {
    private static final String NAME = "<script>alert(1)</script> & co";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path temporary;

    private static Path run;
    private static String text;
    private static Document page;
    private static JsonNode result;
    private static List<JsonNode> metrics;

    @BeforeAll
    static void makeARun() throws Exception {
        SmallWorld world = SmallWorld.in(temporary);
        run = world.run("told");
        try (Stopping spark = new Stopping(SmallWorld.session("local[2]"))) {
            new FineTuningJob(
                            world.recipe(
                                    "told",
                                    "name=" + NAME,
                                    "prune.sparsity=0.4",
                                    "prune.phases=2",
                                    "refine.reference=none",
                                    "train.local-steps=1",
                                    "evaluate.every-rounds=3",
                                    "evaluate.baselines=[dense, random-mask]",
                                    "data.test.paths=[\"" + world.directory() + "/task-a/test.tsv\"]"),
                            spark.session(),
                            new SmallWorld.Record())
                    .run(false);
        }
        text = Files.readString(run.resolve("report.html"));
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        page = factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        result = JSON.readTree(run.resolve("result.json").toFile());
        metrics = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            metrics.add(JSON.readTree(line));
        }
    }

    private record Stopping(SparkSession session) implements AutoCloseable {
        @Override
        public void close() {
            session.stop();
        }
    }

    private static List<Element> elements(Element in, String tag) {
        NodeList list = in.getElementsByTagName(tag);
        return IntStream.range(0, list.getLength())
                .mapToObj(i -> (Element) list.item(i))
                .toList();
    }

    private static Element section(String id) {
        return elements(page.getDocumentElement(), "section").stream()
                .filter(section -> section.getAttribute("id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<List<String>> rows(Element in) {
        return elements(in, "tr").stream()
                .map(row -> IntStream.range(0, row.getChildNodes().getLength())
                        .mapToObj(i -> row.getChildNodes().item(i))
                        .filter(node -> node instanceof Element)
                        .map(cell -> cell.getTextContent().strip())
                        .toList())
                .toList();
    }

    private static JsonNode chart(String id) throws IOException {
        String json = elements(page.getDocumentElement(), "script").stream()
                .filter(script -> script.getAttribute("id").equals("charts"))
                .findFirst()
                .orElseThrow()
                .getTextContent();
        for (JsonNode chart : JSON.readTree(json)) {
            if (chart.path("id").asText().equals(id)) {
                return chart;
            }
        }
        throw new AssertionError("no chart " + id);
    }

    @Test
    void everyPartOfTheStoryIsThere() {
        assertThat(elements(page.getDocumentElement(), "section").stream().map(section -> section.getAttribute("id")))
                .containsExactly(
                        "comparison",
                        "loss",
                        "metric",
                        "retention",
                        "phases",
                        "tensors",
                        "bytes",
                        "time",
                        "provenance",
                        "use");
        assertThat(section("provenance").getTextContent())
                .contains(result.path("modes")
                        .path("masked")
                        .path("exported")
                        .path("adapter-sha256")
                        .asText());
        assertThat(section("use").getTextContent())
                .contains("AutoModelForSequenceClassification.from_pretrained(\"" + run + "/model\")", "predict");
    }

    @Test
    void nothingOfTheUsersIsMarkup() {
        assertThat(elements(page.getDocumentElement(), "h1").get(0).getTextContent())
                .isEqualTo(result.path("name").asText())
                .contains(NAME);
        assertThat(elements(page.getDocumentElement(), "script").stream().map(script -> script.getAttribute("id")))
                .containsExactly("charts", "library", "drawing");
        assertThat(text).doesNotContain("<script>alert");
    }

    @Test
    void nothingIsAskedOfTheNetwork() {
        for (Element element : elements(page.getDocumentElement(), "*")) {
            assertThat(element.getAttribute("src")).isEmpty();
            assertThat(element.getTagName()).isNotIn("link", "img", "iframe", "object");
            if (element.hasAttribute("href")) {
                assertThat(element.getAttribute("href")).startsWith("#");
            }
        }
        assertThat(elements(page.getDocumentElement(), "style").get(0).getTextContent())
                .doesNotContain("url(", "@import");
    }

    @Test
    void curvesAreTheNumbersOfTheMetrics() throws IOException {
        JsonNode loss = chart("chart-loss");
        for (JsonNode series : loss.path("series")) {
            String mode = series.path("name").asText();
            List<Double> measured = metrics.stream()
                    .filter(row -> row.path("kind").asText().equals("round")
                            && row.path("mode").asText().equals(mode))
                    .map(row -> row.path("loss").asDouble())
                    .toList();
            assertThat(numbers(series)).isEqualTo(measured).isNotEmpty();
            assertThat(rows(section("loss")).stream()
                            .skip(1)
                            .map(row -> row.get(column("loss", mode)))
                            .filter(cell -> !cell.isEmpty()))
                    .containsExactlyElementsOf(measured.stream()
                            .map(value -> Double.toString(value))
                            .toList());
        }
        for (String key : List.of("accuracy", "retention-ce")) {
            JsonNode chart = chart(key.equals("accuracy") ? "chart-metric" : "chart-retention");
            for (JsonNode series : chart.path("series")) {
                String mode = series.path("name").asText();
                List<Double> measured = metrics.stream()
                        .filter(row -> row.path("kind").asText().equals("evaluation")
                                && row.path("split").asText().equals("dev")
                                && (row.path("mode").asText().equals(mode)
                                        || row.path("state").asText().equals("before")))
                        // The model after the last round is the tuned one, which was measured too.
                        .filter(row -> row.path("round").asInt() != 12)
                        .map(row -> row.path(key).asDouble())
                        .toList();
                assertThat(numbers(series)).containsExactlyInAnyOrderElementsOf(measured);
            }
        }
        assertThat(loss.path("boundaries").get(0).asInt()).isEqualTo(12);
    }

    private static int column(String section, String name) {
        return rows(section(section)).get(0).indexOf(name);
    }

    private static List<Double> numbers(JsonNode series) {
        List<Double> numbers = new ArrayList<>();
        series.path("values").forEach(value -> {
            if (!value.isNull()) {
                numbers.add(value.asDouble());
            }
        });
        return numbers;
    }

    @Test
    void tablesAreTheNumbersOfTheResult() throws IOException {
        List<List<String>> rows = rows(section("comparison"));
        assertThat(rows).hasSize(5);
        for (List<String> row : rows.subList(2, rows.size())) {
            JsonNode mode = result.path("modes").path(row.get(0).split(" ")[0]);
            assertThat(row.subList(1, row.size()))
                    .containsExactly(
                            Amounts.decimal(mode.path("after").path("accuracy").asDouble()),
                            Amounts.decimal(mode.path("test").path("accuracy").asDouble()),
                            Amounts.decimal(
                                    mode.path("after").path("retention-ce").asDouble()),
                            Amounts.difference(mode.path("delta-ce").asDouble()),
                            Amounts.share(mode.path("exported").path("sparsity").asDouble()),
                            Amounts.share(mode.path("exported").path("density").asDouble()),
                            Amounts.bytes(
                                    mode.path("exported").path("adapter-bytes").asLong()),
                            row.get(8),
                            "~" + Amounts.joules(tuning(mode.path("energy").path("estimate"))));
        }
        JsonNode exported = result.path("modes").path("masked").path("exported");
        long pruned = 0;
        long tuned = 0;
        long weights = 0;
        JsonNode tensors = JSON.readTree(run.resolve("tensors.json").toFile());
        for (JsonNode tensor : tensors) {
            pruned += tensor.path("pruned").asLong();
            tuned += tensor.path("tuned").asLong();
            weights += tensor.path("weights").asLong();
        }
        assertThat(List.of(weights, pruned, tuned))
                .containsExactly(
                        exported.path("weights").asLong(),
                        exported.path("pruned-weights").asLong(),
                        exported.path("tuned-weights").asLong());
        assertThat(elements(section("tensors"), "td").stream().filter(cell -> cell.hasAttribute("title")))
                .hasSize(2 * tensors.size());
    }

    /** Joules of what makes an adapter. */
    private static double tuning(JsonNode energy) {
        double joules = 0;
        for (String stage : List.of("importance", "mask", "train")) {
            joules += energy.path("stages").path(stage).asDouble();
        }
        assertThat(joules).isPositive();
        return joules;
    }

    @Test
    void anEstimateOfEnergySaysThatItIsOne() {
        // No session of this test has the plugin that reads counters.
        assertThat(result.path("energy").has("measured")).isFalse();
        assertThat(section("time").getTextContent())
                .contains("An estimate, processor seconds x watts-per-core", "Not measured: ")
                .doesNotContain("Measured:");
    }

    @Test
    void theCommandMakesTheSamePageAgain() throws IOException {
        Files.delete(run.resolve("report.html"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        int exitCode = new CommandLineProgram(new SparkProgram(), new Console(stream, false), stream)
                .run("report", run.toString());
        assertThat(exitCode).as(out.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(Files.readString(run.resolve("report.html"))).isEqualTo(text);

        exitCode = new CommandLineProgram(new SparkProgram(), new Console(stream, false), stream)
                .run("report", temporary.resolve("task-a").toString());
        assertThat(exitCode).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Cannot report on", "there is no recipe.conf");
    }

    @Test
    void aBrowserDrawsEveryChartWithoutAComplaint() throws Exception {
        assumeThat(Browser.find()).as("no Chromium on this machine").isPresent();
        Browser browser = Browser.find().orElseThrow();
        Path copy = Files.writeString(temporary.resolve("page.html"), text);
        Browser.Opened opened = browser.open(copy, temporary);
        assertThat(opened.log()).doesNotContain("CONSOLE");
        assertThat(opened.page().split("data-drawn=\"3\"", -1)).hasSize(4);
        assertThat(opened.page().split("<canvas", -1)).hasSize(4);

        Path picture = temporary.resolve("page.png");
        browser.paint(copy, temporary, picture);
        BufferedImage image = ImageIO.read(picture.toFile());
        // The colours of the three curves in report.css.
        for (int colour : new int[] {0x1666c4, 0xc2410c, 0x5f7d0e}) {
            long pixels = IntStream.range(0, image.getWidth() * image.getHeight())
                    .filter(i -> (image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xffffff) == colour)
                    .count();
            assertThat(pixels).as("pixels of %06x", colour).isGreaterThan(300);
        }
        keep(picture);
    }

    /** For those who want to look at it. */
    private static void keep(Path picture) throws IOException {
        Path target = Files.createDirectories(Path.of("target/report"));
        for (Path file : Stream.of(picture, picture.resolveSibling("page.html")).toList()) {
            Files.copy(file, target.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
