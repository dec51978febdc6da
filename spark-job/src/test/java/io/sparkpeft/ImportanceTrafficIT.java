package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.spark.OwnSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BroadcastBlockId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Importance adds vectors as long as the model, and none of them comes to the driver or from it. */
class ImportanceTrafficIT {
    private static final int SHARDS = 3;

    @TempDir
    Path temporary;

    /** Counts what the jobs of the importance stage move, as Spark measures it. */
    private static final class Counter extends SparkListener {
        private final Set<Integer> jobs = new HashSet<>();
        private final Set<Integer> stages = new HashSet<>();
        private int seen;
        private long results;
        private long shuffled;
        private long broadcast;

        @Override
        public synchronized void onJobStart(SparkListenerJobStart start) {
            Properties properties = start.properties();
            String description = properties.getProperty("spark.job.description", "");
            if (description.contains("importance")) {
                seen++;
                jobs.add(start.jobId());
                start.stageInfos().foreach(stage -> stages.add(stage.stageId()));
            }
        }

        @Override
        public synchronized void onJobEnd(SparkListenerJobEnd end) {
            jobs.remove(end.jobId());
        }

        @Override
        public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
            if (stages.contains(end.stageId())) {
                results += end.taskMetrics().resultSize();
                shuffled += end.taskMetrics().shuffleWriteMetrics().bytesWritten();
            }
        }

        @Override
        public synchronized void onBlockUpdated(SparkListenerBlockUpdated update) {
            var info = update.blockUpdatedInfo();
            if (!jobs.isEmpty() && info.blockId() instanceof BroadcastBlockId) {
                broadcast += info.memSize() + info.diskSize();
            }
        }
    }

    private SmallWorld widened() throws IOException {
        SmallWorld world = SmallWorld.in(temporary);
        ObjectMapper mapper = new ObjectMapper();
        Path config = world.directory().resolve("model/config.json");
        ObjectNode json = (ObjectNode) mapper.readTree(Files.readAllBytes(config));
        json.put("hidden_size", 192).put("intermediate_size", 768).put("num_hidden_layers", 2);
        Files.write(config, mapper.writeValueAsBytes(json));
        return world;
    }

    @Test
    void theDriverSeesNoVectorAsLongAsTheModel() throws IOException {
        SmallWorld world = widened();
        Counter counter = new Counter();
        long weights;
        try (OwnSession own = OwnSession.of(SmallWorld.session("local[2]"))) {
            SparkSession spark = own.session();
            spark.sparkContext().addSparkListener(counter);
            JobResult result = new FineTuningJob(
                            world.recipe("traffic", "importance.examples=12", "train.steps=1", "prune.sparsity=0.1"),
                            spark,
                            new SmallWorld.Record())
                    .run(false);
            weights = result.outcome().ending().orElseThrow().exported().body();
        }
        // Stopping the session has emptied Spark's queue of events.
        synchronized (counter) {
            long vector = Float.BYTES * weights;
            assertThat(vector).isGreaterThan(4 << 20);
            assertThat(counter.seen).isPositive();
            assertThat(counter.shuffled)
                    .as("each shard's sums went to other executors")
                    .isGreaterThan(SHARDS * vector / 2);
            assertThat(counter.results).isBetween(1L, vector / 20);
            // Spark tells of a job's end when the driver has gone on already: the next stage's may be among them.
            assertThat(counter.broadcast).isBetween(1L, vector / 5);
        }
    }
}
