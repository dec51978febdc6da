package io.sparkpeft.benchmark.round;

import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.benchmark.input.ModelShape;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.run.BatchPlans;
import io.sparkpeft.run.RunContext;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.StateFiles;
import io.sparkpeft.spark.model.StateWeights;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.stage.evaluate.EvaluateModel;
import io.sparkpeft.stage.train.RoundListener;
import io.sparkpeft.stage.train.RoundState;
import io.sparkpeft.stage.train.TrainRounds;
import io.sparkpeft.store.RunDirectory;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * What a round costs beside its steps: broadcast, tasks, merge, checkpoint and metrics, exactly as in a run. The first
 * round is cold: executors load model, mask and shards in it.
 *
 * @param shape of the model, whose weights are random
 * @param size of the rounds
 */
public record RoundBenchmark(ModelShape shape, Size size) {
    /**
     * How much goes into the rounds.
     *
     * @param weights that are tuned, k
     * @param shards of the training data
     * @param steps of each shard in a round; 0 for empty rounds
     * @param rounds measured, after the first
     * @param moments what becomes of them between rounds
     */
    public record Size(long weights, int shards, int steps, int rounds, Moments moments) {
        /** As many as a recipe may have. */
        private static final int MOST_SHARDS = 1 << 20;

        public Size {
            if (weights < 1 || shards < 1 || shards > MOST_SHARDS || steps < 0 || rounds < 2) {
                throw new IllegalArgumentException(
                        "Invalid rounds: --weights %d and --shards %d must be above 0 and --shards at most %d, --steps %d not negative, --rounds %d above 1"
                                .formatted(weights, shards, MOST_SHARDS, steps, rounds));
            }
            if ((long) steps * rounds > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("Invalid rounds: --rounds %d of --steps %d are more than %d steps"
                        .formatted(rounds, steps, Integer.MAX_VALUE));
            }
        }
    }

    /** Runs it. */
    public Report run(SparkSession session, Path directory) {
        Recipe recipe = RoundWorld.recipe(directory, shape, size);
        RunContext run = RoundWorld.open(recipe, new Cluster(session), new Quiet());
        ModelState state = ModelState.of(run.reference());
        ParameterMask mask = RoundWorld.mask(run.base().layout(), size.weights());
        Artefact file =
                StateFiles.writeMask(run.directory().storage().directory(RunDirectory.ARTEFACTS), "update.mask", mask);
        MaskIndex index = new MaskIndex(mask);
        float[] values = StateWeights.open(
                        run.base().weights(), state, run.cluster().hadoopConfiguration())
                .gather(index);
        TrainRounds.Job job = new TrainRounds.Job(
                "benchmark/phase-1",
                state,
                data(run),
                plans(run, recipe).training(run.data().task().manifest().split(RunData.TRAIN)));
        RoundListener listener =
                new RoundListener(run, recipe, 1, job, new EvaluateModel(run, recipe, plans(run, recipe)));
        RoundTrips trips = new RoundTrips(size.rounds(), run.cluster().traffic());
        trips.start();
        new TrainRounds(run.cluster(), run.directory().checkpoints(), recipe)
                .run(job, RoundState.start(file, index, values), TrainRounds.Exchange.NEVER, done -> {
                    listener.accept(done);
                    trips.done(done);
                });
        return trips.report(new Report("round")
                .condition("master", session.sparkContext().master())
                .condition("shape", shape.text())
                .condition("tuned", index.size())
                .condition("shards", size.shards())
                .condition("steps", size.steps())
                .condition("moments", Names.value(size.moments())));
    }

    private ShardedData data(RunContext run) {
        // Without examples no step is made, while all else of a round is.
        long skip = size.steps() == 0 ? Long.MAX_VALUE : 0;
        return ShardedData.of(run.data().task(), RunData.TRAIN, skip);
    }

    private static BatchPlans plans(RunContext run, Recipe recipe) {
        return new BatchPlans(recipe, run.inputs().masking());
    }
}
