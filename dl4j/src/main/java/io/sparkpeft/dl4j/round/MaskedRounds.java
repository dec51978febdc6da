package io.sparkpeft.dl4j.round;

import io.sparkpeft.average.AveragingRule;
import io.sparkpeft.average.DeltaAccumulator;
import io.sparkpeft.average.OuterStep;
import io.sparkpeft.average.RoundAverage;
import io.sparkpeft.dl4j.network.FlatWeights;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.dl4j.network.NetworkOptimizer;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.dl4j.settings.TrainingSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.spark.wire.RoundWire;
import io.sparkpeft.train.TrainSettings;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.broadcast.Broadcast;

/**
 * One call of fit: the masks, where there are none yet, and the rounds of its epochs. Local steps, messages and averages
 * are those of the language-model job; its driver loop is bound to that job's files, so this one is its own.
 */
public final class MaskedRounds {
    private final Cluster cluster;
    private final MaskedAveragingSettings settings;
    private final Network network;
    private final NetworkLayout layout;
    private final NetworkOptimizer optimizer;
    private final RoundListener listener;

    public MaskedRounds(Cluster cluster, MaskedAveragingSettings settings, Network network, RoundListener listener) {
        this.cluster = cluster;
        this.settings = settings;
        this.network = network;
        this.layout = NetworkLayout.of(network, settings.masks().head());
        this.optimizer = NetworkOptimizer.of(layout);
        this.listener = listener;
    }

    /**
     * Trains the driver's network.
     *
     * @param before what the call before left; empty at first
     */
    public TunedState fit(Examples examples, Optional<TunedState> before) {
        long step = before.map(TunedState::step).orElse(0L);
        FitCheckpoints checkpoints =
                FitCheckpoints.of(settings, network, examples, step, cluster.hadoopConfiguration());
        Optional<FitCheckpoint> made = checkpoints.newest(layout.layout());
        Parameters weights = FlatWeights.split(layout.layout(), network.weights());
        Masks masks = made.map(FitCheckpoint::masks)
                .or(() -> before.map(TunedState::masks))
                .orElseGet(() -> timed(
                        "masks", () -> new ChooseMasks(cluster, settings, network, layout, examples).choose(weights)));
        masks.kept().zeroOutside(weights);
        Series series = new Series(weights, masks, examples, checkpoints);
        made.ifPresent(series::resume);
        network.setWeights(FlatWeights.join(weights));
        OptimizerState moments = made.map(FitCheckpoint::moments)
                .or(() -> before.map(TunedState::moments))
                .orElse(OptimizerState.none());
        return series.run(moments, step);
    }

    private <T> T timed(String name, Supplier<T> action) {
        long began = System.currentTimeMillis();
        long start = System.nanoTime();
        T result = action.get();
        listener.timed(name, began, (System.nanoTime() - start) / 1_000_000);
        return result;
    }

    /** The rounds on one base network. */
    private final class Series {
        private final TrainingSettings training = settings.training();
        private final String name = UUID.randomUUID().toString();
        private final Parameters weights;
        private final Masks masks;
        private final Examples examples;
        private final MaskIndex update;
        private final MaskIndex statistics;
        private final FitCheckpoints checkpoints;
        private int madeBefore;
        private int rounds;

        Series(Parameters weights, Masks masks, Examples examples, FitCheckpoints checkpoints) {
            this.checkpoints = checkpoints;
            this.weights = weights;
            this.masks = masks;
            this.examples = examples;
            this.update = new MaskIndex(masks.tuned());
            this.statistics = new MaskIndex(layout.statistics());
        }

        void resume(FitCheckpoint made) {
            update.scatter(made.values(), weights);
            statistics.scatter(made.running(), weights);
            madeBefore = made.rounds();
        }

        /** Rounds that a run before made are counted, and not made again. */
        TunedState run(OptimizerState moments, long firstStep) {
            ParameterMask tuned = masks.tuned();
            Broadcast<byte[]> base = cluster.context()
                    .broadcast(new BaseNetwork(
                                    network,
                                    FlatWeights.join(weights),
                                    settings.masks().head(),
                                    tuned)
                            .bytes());
            long epochSteps = examples.stepsPerEpoch(training.batchSizePerWorker());
            OptimizerState carried = moments;
            long step = firstStep;
            for (int epoch = 0; epoch < training.epochs(); epoch++) {
                listener.epochStarts();
                for (long left = epochSteps; left > 0; ) {
                    int steps = (int) Math.min(left, training.averagingFrequency());
                    if (rounds++ < madeBefore) {
                        network.setIteration(network.iteration() + steps);
                    } else {
                        carried = round(base, carried, step, steps, epochSteps);
                        checkpoints.save(new FitCheckpoint(
                                rounds, masks, update.gather(weights), statistics.gather(weights), carried));
                    }
                    step += steps;
                    left -= steps;
                }
                listener.epochEnds();
                // Whoever called fit counts the last epoch.
                if (epoch < training.epochs() - 1) {
                    network.setEpoch(network.epoch() + 1);
                }
            }
            base.destroy();
            return new TunedState(masks, carried, step);
        }

        private OptimizerState round(
                Broadcast<byte[]> base, OptimizerState moments, long step, int steps, long epochSteps) {
            float[] values = update.gather(weights);
            float[] running = statistics.gather(weights);
            byte[][] messages = {RoundStart.message(values, moments), RoundStart.message(running, OptimizerState.none())
            };
            Broadcast<byte[][]> state = cluster.context().broadcast(messages);
            boolean keepMoments = training.moments() == TrainingSettings.Moments.AVERAGE;
            RoundTask task = new RoundTask(
                    name,
                    base,
                    state,
                    new ShardExamples.Order(
                            training.batchSizePerWorker(), epochSteps, training.shuffle(), training.seed()),
                    new TrainSettings(rate(), optimizer.settings(), training.clipNorm()),
                    new RoundTask.Plan(
                            step, steps, keepMoments, training.statistics() == TrainingSettings.Statistics.AVERAGE));
            List<byte[][]> replies = timed(
                    "round",
                    () -> cluster.describe("masked round from step " + step, () -> examples.data()
                            .mapPartitionsWithIndex(task, true)
                            .collect()));
            state.destroy();
            RoundAverage mean = average(replies, 0, RoundStart.of(values, moments, messages[0]));
            update.scatter(
                    OuterStep.PLAIN.apply(values, mean.change(), new float[0]).values(), weights);
            RoundAverage meanRunning = average(replies, 1, RoundStart.of(running, OptimizerState.none(), messages[1]));
            statistics.scatter(
                    OuterStep.PLAIN
                            .apply(running, meanRunning.change(), new float[0])
                            .values(),
                    weights);
            network.setWeights(FlatWeights.join(weights));
            network.setIteration(network.iteration() + steps);
            listener.round(mean.tally());
            return mean.moments();
        }

        private RoundAverage average(List<byte[][]> replies, int message, RoundStart start) {
            DeltaAccumulator accumulator = new DeltaAccumulator(AveragingRule.named("examples"), start.values());
            for (int shard = 0; shard < replies.size(); shard++) {
                accumulator.add(shard, RoundWire.decode(replies.get(shard)[message], start));
            }
            return accumulator.average();
        }

        /** What the network's updater says of the round's first iteration. */
        private LearningRate rate() {
            return LearningRate.of("constant", optimizer.rate(network.iteration(), network.epoch()), 1);
        }
    }
}
