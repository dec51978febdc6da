package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.energy.PowercapFolder;
import io.sparkpeft.metrics.MetricsPlugin;
import io.sparkpeft.run.RoundReport;
import io.sparkpeft.spark.OwnSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever scrapes the Prometheus page of a running job finds there what metrics.jsonl says of it. */
class MetricsPluginIT {
    private static final Pattern LINE = Pattern.compile(
            "metrics_(?:\\w+_)?plugin_io_sparkpeft_metrics_MetricsPlugin_(\\w+)_Value\\{[^}]*\\} (\\S+)");

    @TempDir
    static Path temporary;

    /** What each counter rises by in a round; they start again from 0 on the way. */
    private static final double JOULES = 100;

    /** Reads the page after every round, while the job runs, and uses energy. */
    private static final class Scraper extends SmallWorld.Record {
        private final HttpClient client = HttpClient.newHttpClient();
        private final String page;
        private final PowercapFolder counters;
        final List<Map<String, Double>> scraped = new ArrayList<>();

        Scraper(String page, PowercapFolder counters) {
            this.page = page;
            this.counters = counters;
        }

        @Override
        public void round(RoundReport report) {
            super.round(report);
            scraped.add(scrape());
            try {
                counters.rise(JOULES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Map<String, Double> scrape() {
            Map<String, Double> values = new HashMap<>();
            Matcher line = LINE.matcher(read("/metrics/prometheus/"));
            while (line.find()) {
                values.put(line.group(1), Double.parseDouble(line.group(2)));
            }
            return values;
        }

        String read(String path) {
            try {
                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(URI.create(page + path)).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).as(path).isEqualTo(200);
                return response.body();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static SparkSession session(Path powercap) {
        Map.Entry<String, String> plugins = MetricsPlugin.setting(new SparkConf());
        return SparkSession.builder()
                .master("local[2]")
                .appName("metrics")
                .config(plugins.getKey(), plugins.getValue())
                .config("spark.sparkpeft.powercap", powercap.toString())
                .config("spark.ui.enabled", "true")
                .config("spark.ui.port", "0")
                .config("spark.ui.prometheus.enabled", "true")
                .config(
                        "spark.metrics.conf.*.sink.prometheusServlet.class",
                        "org.apache.spark.metrics.sink.PrometheusServlet")
                .config("spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    @Test
    void thePageOfARunningJobShowsTheNumbersOfTheMetrics() throws IOException {
        SmallWorld world = SmallWorld.in(temporary);
        Path powercap = temporary.resolve("powercap");
        PowercapFolder counters = new PowercapFolder(powercap, 65_532_610_987L - 250_000_000);
        Scraper scraper;
        Map<String, Double> last;
        JsonNode stages;
        try (OwnSession spark = OwnSession.of(session(powercap))) {
            scraper = new Scraper(spark.session().sparkContext().uiWebUrl().get(), counters);
            new FineTuningJob(
                            world.recipe("watched", "train.local-steps=2", "evaluate.every-rounds=1"),
                            spark.session(),
                            scraper)
                    .run(false);
            last = scraper.scrape();
            stages = new ObjectMapper()
                    .readTree(scraper.read("/api/v1/applications/%s/stages"
                            .formatted(spark.session().sparkContext().applicationId())));
            assertThat(scraper.read("/metrics/executors/prometheus")).contains("metrics_executor_totalTasks_total");
        }

        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> rounds = new ArrayList<>();
        double retention = Double.NaN;
        double accuracy = Double.NaN;
        for (String text : Files.readAllLines(world.run("watched").resolve("metrics.jsonl"))) {
            JsonNode row = mapper.readTree(text);
            assertThat(SchemaIT.schema("metrics-1.json").validate(row)).as(text).isEmpty();
            if (row.path("kind").asText().equals("round")) {
                rounds.add(row);
            } else if (row.path("kind").asText().equals("evaluation")) {
                retention = row.path("retention-ce").asDouble();
                accuracy = row.path("accuracy").asDouble();
            }
        }
        assertThat(scraper.scraped).hasSameSizeAs(rounds).hasSize(6);
        double tokens = 0;
        for (int r = 0; r < rounds.size(); r++) {
            JsonNode row = rounds.get(r);
            Map<String, Double> page = scraper.scraped.get(r);
            for (String key : List.of("loss", "round", "phase", "learning-rate", "seconds", "bytes-down", "bytes-up")) {
                assertThat(page.get(key.replace('-', '_')))
                        .as(key)
                        .isEqualTo(row.path(key).asDouble());
            }
            tokens += row.path("tokens").asDouble();
            assertThat(page.get("rounds")).isEqualTo(r + 1.0);
            assertThat(page.get("tokens")).isEqualTo(tokens);
            assertThat(page.get("tokens_per_second"))
                    .isCloseTo(
                            row.path("tokens").asDouble() / row.path("seconds").asDouble(), within(1e-6));
        }
        assertStages(stages, rounds);
        assertThat(last.get("retention_ce")).isEqualTo(retention);
        assertThat(last.get("accuracy")).isEqualTo(accuracy);
        // Executors are in the driver's process here: three shards in each round.
        assertThat(last.get("executor_tasks")).isGreaterThanOrEqualTo(3.0 * rounds.size());
        assertThat(last.get("executor_tokens")).isGreaterThanOrEqualTo(tokens);
        JsonNode result =
                mapper.readTree(world.run("watched").resolve("result.json").toFile());
        assertThat(SchemaIT.schema("result-1.json").validate(result)).isEmpty();
        assertEnergy(result, rounds.size());
    }

    /** The page of a round's stage shows what the round consisted of. */
    private static void assertStages(JsonNode stages, List<JsonNode> rounds) {
        Map<String, Map<String, String>> shown = new HashMap<>();
        for (JsonNode stage : stages) {
            Map<String, String> values = new HashMap<>();
            for (JsonNode sum : stage.path("accumulatorUpdates")) {
                values.put(sum.path("name").asText(), sum.path("value").asText());
            }
            shown.put(stage.path("description").asText(), values);
        }
        for (int r = 0; r < rounds.size(); r++) {
            String round = "round %d of %d, train".formatted(r + 1, rounds.size());
            JsonNode row = rounds.get(r);
            assertThat(shown.entrySet().stream().filter(stage -> stage.getKey().contains(round)))
                    .singleElement()
                    .satisfies(stage -> {
                        assertThat(stage.getValue())
                                .containsEntry("examples", row.path("examples").asText())
                                .containsEntry("tokens", row.path("tokens").asText());
                        assertThat(Double.parseDouble(stage.getValue().get("loss")))
                                .isCloseTo(row.path("loss").asDouble(), within(1e-12));
                    });
        }
    }

    /**
     * Every joule counts once. All were used inside of rounds, so they belong to the training of the mode, but for what
     * the time between a reading and the stage's beginning or end takes.
     */
    private static void assertEnergy(JsonNode result, int rounds) {
        JsonNode energy = result.path("energy");
        JsonNode measured = energy.path("measured");
        double each = rounds * JOULES;
        assertThat(energy.has("not-measured")).isFalse();
        assertThat(measured.path("joules").asDouble()).isCloseTo(2 * each, within(1e-6));
        assertThat(measured.path("parts").path("package").asDouble()).isCloseTo(each, within(1e-6));
        assertThat(measured.path("parts").path("dram").asDouble()).isCloseTo(each, within(1e-6));
        assertThat(measured.path("stages").path("train").asDouble()).isCloseTo(2 * each, withinPercentage(10));
        JsonNode mode = result.path("modes").path("masked").path("energy");
        assertThat(mode.path("measured").path("joules").asDouble()).isCloseTo(2 * each, withinPercentage(10));
        assertThat(mode.path("estimate").path("joules").asDouble())
                .isCloseTo(
                        mode.path("estimate").path("processor-seconds").asDouble()
                                * mode.path("estimate").path("watts-per-core").asDouble(),
                        within(1e-9));
    }

    @Test
    void pluginsThatOthersAskedForStay() {
        SparkConf conf = new SparkConf(false).set("spark.plugins", "org.example.Other");
        String both = MetricsPlugin.setting(conf).getValue();
        assertThat(both).isEqualTo("org.example.Other," + MetricsPlugin.class.getName());
        assertThat(MetricsPlugin.setting(conf.set("spark.plugins", both)).getValue())
                .isEqualTo(both);
    }
}
