package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.command.ModelChoice;
import io.sparkpeft.command.PredictRequest;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.predict.PredictChosen;
import io.sparkpeft.run.RoundReport;
import io.sparkpeft.score.EvaluateChosen;
import io.sparkpeft.spark.Cluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever looks at the Spark user interface sees of every job what it is for, and of which run. */
class JobDescriptionIT {
    private static final Jobs JOBS = new Jobs();

    @TempDir
    static Path temporary;

    private static SmallWorld world;
    private static SparkSession spark;

    /** A job as Spark announces it. */
    private record Job(String description, String group) {}

    private static final class Jobs extends SparkListener {
        final List<Job> seen = new CopyOnWriteArrayList<>();

        @Override
        public void onJobStart(SparkListenerJobStart start) {
            seen.add(new Job(
                    start.properties().getProperty("spark.job.description"),
                    start.properties().getProperty("spark.jobGroup.id")));
        }
    }

    @BeforeAll
    static void start() throws IOException {
        world = SmallWorld.in(temporary);
        spark = SmallWorld.session("local[2]");
        spark.sparkContext().addSparkListener(JOBS);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @BeforeEach
    void forget() throws Exception {
        spark.sparkContext().listenerBus().waitUntilEmpty();
        JOBS.seen.clear();
    }

    private static List<Job> jobs() throws Exception {
        spark.sparkContext().listenerBus().waitUntilEmpty();
        return JOBS.seen;
    }

    @Test
    void everyJobOfARunSaysItsStageAndRound() throws Exception {
        Recipe recipe = world.recipe(
                "described",
                "prune.sparsity=0.3",
                "importance.generic-weight=1",
                "importance.generic.paths=[\"" + world.directory() + "/heldout.jsonl\"]",
                "importance.generic.examples=20",
                "evaluate.retention.skip=20",
                "evaluate.every-rounds=2",
                "evaluate.baselines=[dense]",
                "refine.drop-and-grow.every-rounds=2",
                "data.test.paths=[\"" + world.directory() + "/task-a/test.tsv\"]");
        SmallWorld.Record record = new SmallWorld.Record();
        new FineTuningJob(recipe, spark, record).run(false);

        List<String> descriptions = jobs().stream().map(Job::description).toList();
        assertThat(descriptions).doesNotContainNull().noneMatch(String::isBlank);
        assertThat(jobs()).allSatisfy(job -> assertThat(job.group()).startsWith("small (file:"));
        assertThat(descriptions)
                .contains(
                        "prepare task, tokenise",
                        "prepare generic, write 3 shards",
                        "masked before, evaluate 3 shards of dev",
                        "masked before, evaluate 3 shards of general text",
                        "dense phase 1 tuned, evaluate 3 shards of dev",
                        "masked phase 1, round 2 of 3, evaluate 3 shards of dev",
                        "masked phase 1, round 2 of 3, choose grown weights",
                        "masked phase 1, choose prune mask",
                        "masked phase 1, choose update mask",
                        "masked test, evaluate 3 shards of test")
                .anyMatch(text -> text.matches("masked phase 1, importance \\(\\w+\\) on generic sample"));
        for (RoundReport round : record.rounds) {
            assertThat(descriptions)
                    .containsOnlyOnce("%s phase %d, round %d of %d, train 3 shards"
                            .formatted(round.mode().key(), round.phase(), round.round(), round.rounds()));
        }
        assertThat(spark.sparkContext().getLocalProperty("spark.job.description"))
                .isNull();
        assertThat(spark.sparkContext().getLocalProperty("spark.jobGroup.id")).isNull();
    }

    @Test
    void soDoThoseOfTheCommandsThatFollowARun() throws Exception {
        Recipe recipe = world.recipe("followed");
        new FineTuningJob(recipe, spark, new SmallWorld.Record()).run(false);
        forget();
        new EvaluateChosen(recipe, new Cluster(spark), sentence -> {}).run(new ModelChoice("", ""));
        assertThat(jobs()).isNotEmpty().allSatisfy(job -> assertThat(job.description())
                .isNotBlank());

        forget();
        PredictRequest request = new PredictRequest(
                recipe.data().dev(), world.directory().resolve("scores").toString(), false);
        new PredictChosen(recipe, new Cluster(spark), sentence -> {}).run(new ModelChoice("", ""), request);
        assertThat(jobs()).isNotEmpty().allSatisfy(job -> assertThat(job.description())
                .isNotBlank());
    }
}
