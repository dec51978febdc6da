package io.sparkpeft;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.datasets.sample.SampleWorld;
import io.sparkpeft.run.Gate;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.Phase;
import io.sparkpeft.run.Progress;
import io.sparkpeft.run.RoundReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The sample world with a model so small that a job on it takes seconds. */
public final class SmallWorld {
    private final Path directory;

    private SmallWorld(Path directory) {
        this.directory = directory;
    }

    public static SmallWorld in(Path directory) throws IOException {
        SampleWorld.write(new Configuration(), new org.apache.hadoop.fs.Path(directory.toUri()), 1);
        ObjectMapper mapper = new ObjectMapper();
        Path config = directory.resolve("model/config.json");
        ObjectNode json = (ObjectNode) mapper.readTree(Files.readAllBytes(config));
        json.put("hidden_size", 16)
                .put("intermediate_size", 32)
                .put("num_hidden_layers", 1)
                .put("num_attention_heads", 2)
                .put("num_key_value_heads", 1);
        json.remove("head_dim");
        Files.write(config, mapper.writeValueAsBytes(json));
        return new SmallWorld(directory);
    }

    public Path directory() {
        return directory;
    }

    /** A classification recipe on task A; a key given again in {@code changes} takes the other value. */
    public String recipeText(String run) {
        return """
                name = small
                task.type = sequence-classification
                model { path = "%1$s/model", initial-weights = random }
                data {
                  train.paths = ["%1$s/task-a/train.tsv"]
                  dev.paths = ["%1$s/task-a/dev.tsv"]
                  text-column = sentence
                  shards = 3
                  limit = 300
                }
                importance.examples = 60
                update.density = 0.1
                train { steps = 12, local-steps = 4, batch-size = 8 }
                evaluate.retention { paths = ["%1$s/heldout.jsonl"], examples = 20 }
                output.directory = "%1$s/runs/%2$s"
                """.formatted(directory, run);
    }

    public Recipe recipe(String run, String... changes) {
        return RecipeFile.parse(recipeText(run), "small.conf", List.of(changes));
    }

    public Path run(String run) {
        return directory.resolve("runs").resolve(run);
    }

    public static SparkSession session(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("test")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "4")
                .getOrCreate();
    }

    /** Remembers what a run said. */
    public static class Record implements Progress {
        public final List<String> sentences = new ArrayList<>();
        public final List<RoundReport> rounds = new ArrayList<>();
        public final List<Measurement> measurements = new ArrayList<>();
        public final List<Gate.Verdict> verdicts = new ArrayList<>();

        @Override
        public void say(String sentence) {
            sentences.add(sentence);
        }

        @Override
        public void round(RoundReport report) {
            rounds.add(report);
        }

        @Override
        public void evaluation(String what, Measurement measured) {
            measurements.add(measured);
        }

        @Override
        public void phase(TrainMode mode, Phase phase, Gate.Verdict verdict) {
            verdicts.add(verdict);
        }
    }
}
