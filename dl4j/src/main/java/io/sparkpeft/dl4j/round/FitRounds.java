package io.sparkpeft.dl4j.round;

import io.sparkpeft.average.OuterStep;
import io.sparkpeft.dl4j.data.Examples;
import io.sparkpeft.dl4j.data.ShardExamples;
import io.sparkpeft.dl4j.network.FlatWeights;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.dl4j.network.NetworkOptimizer;
import io.sparkpeft.dl4j.replica.BaseNetwork;
import io.sparkpeft.dl4j.replica.CarriedWeights;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.dl4j.settings.TrainingSettings;
import io.sparkpeft.metrics.RoundSums;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.round.AveragedRound;
import io.sparkpeft.round.RoundPlan;
import io.sparkpeft.round.RoundVectors;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.train.TrainSettings;
import java.util.UUID;
import org.apache.spark.broadcast.Broadcast;

/**
 * The rounds of one call of fit, on one base network. Each is a round of the engine ({@link AveragedRound}); what is
 * DL4J's is that the epochs of an RDD are counted, the learning rate is its schedule's and the network learns of every
 * round.
 */
final class FitRounds {
    private final Call call;
    private final TrainingSettings training;
    private final Examples examples;
    private final FitCheckpoints checkpoints;
    private final Parameters weights;
    private final CarriedWeights carried;
    private final AveragedRound averaged;

    /**
     * What a call of fit trains.
     *
     * @param tuning which weights, and by what
     */
    record Call(
            Cluster cluster,
            MaskedAveragingSettings settings,
            Network network,
            Tuning tuning,
            RoundListener listener) {}

    /** Which weights of a network are tuned, and by what. */
    record Tuning(NetworkLayout layout, NetworkOptimizer optimizer, Masks masks) {}

    /** @param weights all weights; those that are carried change */
    FitRounds(Call call, Examples examples, FitCheckpoints checkpoints, Parameters weights) {
        this.call = call;
        this.training = call.settings().training();
        this.examples = examples;
        this.checkpoints = checkpoints;
        this.weights = weights;
        this.carried = new CarriedWeights(
                new MaskIndex(call.tuning().masks().tuned()),
                new MaskIndex(call.tuning().layout().statistics()));
        this.averaged = new AveragedRound(call.cluster(), OuterStep.PLAIN);
    }

    CarriedWeights carried() {
        return carried;
    }

    /**
     * Makes the rounds. Those that were made before are counted, and not made again.
     *
     * @param madeBefore rounds that the state comes from
     * @param state after them
     * @param firstStep local steps made in calls before
     */
    TunedState run(int madeBefore, RoundVectors state, long firstStep) {
        update(state);
        long epochSteps = examples.stepsPerEpoch(training.batchSizePerWorker());
        Broadcast<byte[]> base = call.cluster().context().broadcast(base());
        RoundTask.Series series = new RoundTask.Series(
                UUID.randomUUID().toString(),
                base,
                new ShardExamples.Order(training.batchSizePerWorker(), epochSteps, training.shuffle(), training.seed()),
                training.statistics() == TrainingSettings.Statistics.AVERAGE);
        RoundVectors vectors = state;
        int number = 0;
        long step = firstStep;
        for (int epoch = 0; epoch < training.epochs(); epoch++) {
            call.listener().epochStarts();
            for (long left = epochSteps; left > 0; ) {
                int steps = (int) Math.min(left, training.averagingFrequency());
                RoundPlan round = new RoundPlan(++number, step, steps, training.moments(), training.seed());
                if (number > madeBefore) {
                    vectors = round(series, round, vectors);
                } else {
                    call.network().setIteration(call.network().iteration() + steps);
                }
                step += steps;
                left -= steps;
            }
            call.listener().epochEnds();
            // Whoever called fit counts the last epoch.
            if (epoch < training.epochs() - 1) {
                call.network().setEpoch(call.network().epoch() + 1);
            }
        }
        base.destroy();
        return new TunedState(call.tuning().masks(), vectors.moments(), step);
    }

    private byte[] base() {
        return new BaseNetwork(
                        call.network(),
                        FlatWeights.join(weights),
                        call.settings().masks().head(),
                        call.tuning().masks().tuned())
                .bytes();
    }

    private RoundVectors round(RoundTask.Series series, RoundPlan round, RoundVectors before) {
        long began = System.nanoTime();
        double rate = call.tuning()
                .optimizer()
                .rate(call.network().iteration(), call.network().epoch());
        TrainSettings settings = new TrainSettings(
                LearningRate.of("constant", rate, 1), call.tuning().optimizer().settings(), training.clipNorm());
        RoundSums sums = RoundSums.start(call.cluster().context().sc());
        String description = "round %d of %d".formatted(round.number(), rounds());
        AveragedRound.Outcome made = Timing.of(
                call.listener(), "round", () -> call.cluster().profile().stage(Stage.TRAIN, () -> call.cluster()
                        .describe(
                                description,
                                () -> averaged.run(round, before, start -> examples.data()
                                        .mapPartitionsWithIndex(
                                                new RoundTask(series, round, settings, start, sums), true)))));
        update(made.vectors());
        call.network().setIteration(call.network().iteration() + round.steps());
        call.listener()
                .round(new RoundDone(
                        round, rounds(), made.tally(), rate, (System.nanoTime() - began) / 1e9, made.bytes()));
        checkpoints.save(new FitCheckpoint(
                round.number(),
                call.tuning().masks(),
                made.vectors().values(),
                made.vectors().moments()));
        return made.vectors();
    }

    private void update(RoundVectors state) {
        carried.scatter(state.values(), weights);
        call.network().setWeights(FlatWeights.join(weights));
    }

    /** Of all epochs of the call. */
    private int rounds() {
        long epochSteps = examples.stepsPerEpoch(training.batchSizePerWorker());
        int frequency = training.averagingFrequency();
        return Math.toIntExact(training.epochs() * ((epochSteps + frequency - 1) / frequency));
    }
}
