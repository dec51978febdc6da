package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.sparkpeft.spark.OwnSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run writes has the form that is promised to whoever reads it. */
class SchemaIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path temporary;

    private static SmallWorld world;

    @BeforeAll
    static void makeRuns() throws IOException {
        world = SmallWorld.in(temporary);
        try (OwnSession spark = OwnSession.of(SmallWorld.session("local[2]"))) {
            run(
                    spark,
                    "classifier",
                    "prune.sparsity=0.3",
                    "evaluate.every-rounds=2",
                    "evaluate.baselines=[dense, head-only]",
                    "data.test.paths=[\"" + world.directory() + "/task-a/test.tsv\"]");
            run(spark, "unmet", "evaluate.gate.metric=0.999");
        }
    }

    private static void run(OwnSession spark, String name, String... changes) {
        new FineTuningJob(world.recipe(name, changes), spark.session(), new SmallWorld.Record()).run(false);
    }

    static JsonSchema schema(String name) throws IOException {
        try (InputStream in = SchemaIT.class.getResourceAsStream("/io/sparkpeft/schema/" + name)) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(JSON.readTree(in));
        }
    }

    private static JsonNode result(String run) throws IOException {
        return JSON.readTree(world.run(run).resolve("result.json").toFile());
    }

    @Test
    void resultsAreValid() throws IOException {
        for (String run : List.of("classifier", "unmet")) {
            assertThat(schema("result-1.json").validate(result(run))).isEmpty();
        }
    }

    @Test
    void everyLineOfTheMetricsIsValid() throws IOException {
        Set<String> kinds = new HashSet<>();
        JsonSchema schema = schema("metrics-1.json");
        for (String run : List.of("classifier", "unmet")) {
            for (String line : Files.readAllLines(world.run(run).resolve("metrics.jsonl"))) {
                JsonNode row = JSON.readTree(line);
                assertThat(schema.validate(row)).as(line).isEmpty();
                kinds.add(row.path("kind").asText());
            }
        }
        assertThat(kinds).containsExactlyInAnyOrder("round", "evaluation", "stage", "energy");
    }

    @Test
    void whatIsMissingMisspeltOrOfAnotherKindIsNotValid() throws IOException {
        JsonSchema schema = schema("result-1.json");
        ObjectNode lacking = (ObjectNode) result("classifier");
        lacking.remove("gate-met");
        assertThat(schema.validate(lacking)).isNotEmpty();
        ObjectNode added = (ObjectNode) result("classifier");
        ((ObjectNode) added.path("modes").path("masked").path("after")).put("acuracy", 0.5);
        assertThat(schema.validate(added)).isNotEmpty();
        ObjectNode later = (ObjectNode) result("classifier");
        later.put("schema-version", 2);
        assertThat(schema.validate(later)).isNotEmpty();
    }

    @Test
    void thePageNamesEveryKey() throws IOException {
        String page = Files.readString(Path.of("../submit/RESULTS.md"));
        for (String name : List.of("result-1.json", "metrics-1.json")) {
            JsonNode schema = schema(name).getSchemaNode();
            schema.findValues("properties")
                    .forEach(properties -> properties.fieldNames().forEachRemaining(key -> assertThat(page)
                            .contains("| `" + key + "` |")));
        }
    }
}
