package io.sparkpeft.stage.train;

import io.sparkpeft.average.OuterStep;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.TrainRecipe;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.metrics.RoundSums;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.round.AveragedRound;
import io.sparkpeft.round.RoundPlan;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.StateFiles;
import io.sparkpeft.spark.model.TunedValues;
import io.sparkpeft.store.Checkpoint;
import io.sparkpeft.store.CheckpointStore;
import io.sparkpeft.train.RoundTally;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.broadcast.Broadcast;

/**
 * Tunes the weights of an update mask in rounds. A round broadcasts the k values, lets every shard make H local steps,
 * takes the ordered example-weighted mean and the outer step, and is checkpointed. All that a round depends on is the
 * state before the phase and the checkpoint of the round before.
 */
public final class TrainRounds {
    private final Cluster cluster;
    private final AveragedRound averaged;
    private final CheckpointStore checkpoints;
    private final TrainRecipe recipe;
    private long sequence;

    public TrainRounds(Cluster cluster, CheckpointStore checkpoints, Recipe recipe) {
        this.cluster = cluster;
        this.checkpoints = checkpoints;
        this.recipe = recipe.train();
        this.averaged = new AveragedRound(
                cluster,
                new OuterStep(
                        this.recipe.outer().effectiveLearningRate(),
                        this.recipe.outer().effectiveMomentum()));
    }

    /**
     * What is tuned and with which examples.
     *
     * @param name tells the phase from all others of the run
     * @param state the model before tuning
     * @param data training examples
     * @param plan how they become batches
     */
    public record Job(String name, ModelState state, ShardedData data, BatchPlan plan) {}

    /**
     * What a round came to.
     *
     * @param round which it was
     * @param rounds of the phase
     * @param tally what went in
     * @param state after it
     * @param rate learning rate of its last step
     * @param seconds that it took
     * @param bytes that it moved
     */
    public record Done(
            RoundPlan round,
            int rounds,
            RoundTally tally,
            RoundState state,
            double rate,
            double seconds,
            AveragedRound.Bytes bytes) {}

    /** May change which weights are tuned between two rounds. */
    @FunctionalInterface
    public interface Exchange {
        /** Never changes them. */
        Exchange NEVER = (job, state, rounds) -> state;

        /**
         * The state that the next round starts from.
         *
         * @param job its name
         * @param state after a round
         * @param rounds of the phase
         */
        RoundState after(String job, RoundState state, int rounds);
    }

    /** The tuned weights after all rounds, from the newest checkpoint on. */
    public TunedValues run(Job job, RoundState first, Exchange exchange, Consumer<Done> listener) {
        PhaseLength length = PhaseLength.of(recipe, job.plan());
        RoundState state = resume(job, first);
        try (PhaseBroadcast phase = new PhaseBroadcast(cluster, job, length.settings())) {
            while (state.round() < length.rounds()) {
                RoundState start = state;
                String description = "round %d of %d".formatted(state.round() + 1, length.rounds());
                state = cluster.describe(description, () -> {
                    RoundState trained = round(job, length, phase, start, listener);
                    return exchange.after(job.name(), trained, length.rounds());
                });
                checkpoints.save(state.checkpoint(job.name(), ++sequence));
            }
        }
        return new TunedValues(state.index(), state.values());
    }

    private RoundState round(
            Job job, PhaseLength length, PhaseBroadcast phase, RoundState state, Consumer<Done> listener) {
        long began = System.nanoTime();
        RoundPlan round = RoundPlan.of(
                state.round() + 1,
                recipe.localSteps(),
                length.steps(),
                recipe.moments(),
                job.plan().seed());
        RoundSums sums = RoundSums.start(cluster.context().sc());
        Broadcast<TrainTask.Phase> common = phase.with(state.updateMask());
        AveragedRound.Outcome made = averaged.run(
                round,
                state.vectors(),
                start -> cluster.trainingRdd(job.data().shards(), new TrainTask(common, round, start, sums)));
        RoundState next = state.after(round.number(), made.vectors());
        listener.accept(new Done(
                round,
                length.rounds(),
                made.tally(),
                next,
                length.settings().rate().at(round.firstStep() + round.steps() - 1),
                (System.nanoTime() - began) / 1e9,
                made.bytes()));
        return next;
    }

    private RoundState resume(Job job, RoundState start) {
        Optional<Checkpoint> newest = checkpoints.newest();
        sequence = newest.map(Checkpoint::sequence).orElse(0L);
        if (newest.isEmpty()) {
            return start;
        }
        RoundState.Position position = newest.get().stateAs(RoundState.Position.class);
        if (!position.phase().equals(job.name())) {
            return start;
        }
        MaskIndex index = position.updateMask().equals(start.updateMask())
                ? start.index()
                : new MaskIndex(StateFiles.readMask(
                        position.updateMask(), start.index().layout(), cluster.hadoopConfiguration()));
        return RoundState.of(newest.get(), position, index);
    }
}
