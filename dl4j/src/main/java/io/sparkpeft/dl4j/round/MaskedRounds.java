package io.sparkpeft.dl4j.round;

import io.sparkpeft.dl4j.data.Examples;
import io.sparkpeft.dl4j.mask.ChooseMasks;
import io.sparkpeft.dl4j.network.FlatWeights;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.dl4j.network.NetworkOptimizer;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.round.RoundVectors;
import io.sparkpeft.spark.Cluster;
import java.util.Optional;

/** One call of fit: the masks, where there are none yet, and the rounds of its epochs. */
public final class MaskedRounds {
    private final Cluster cluster;
    private final MaskedAveragingSettings settings;
    private final Network network;
    private final RoundListener listener;

    public MaskedRounds(Cluster cluster, MaskedAveragingSettings settings, Network network, RoundListener listener) {
        this.cluster = cluster;
        this.settings = settings;
        this.network = network;
        this.listener = listener;
    }

    /**
     * Trains the driver's network.
     *
     * @param before what the call before left; empty at first
     */
    public TunedState fit(Examples examples, Optional<TunedState> before) {
        NetworkLayout layout = NetworkLayout.of(network, settings.masks().head());
        NetworkOptimizer optimizer = NetworkOptimizer.of(layout);
        long step = before.map(TunedState::step).orElse(0L);
        FitCheckpoints checkpoints = FitCheckpoints.of(settings, network, examples, step, cluster);
        Optional<FitCheckpoint> made = checkpoints.newest(layout.layout());
        Parameters weights = FlatWeights.split(layout.layout(), network.weights());
        Masks masks = made.map(FitCheckpoint::masks)
                .or(() -> before.map(TunedState::masks))
                .orElseGet(() -> choose(layout, examples, weights));
        masks.kept().zeroOutside(weights);
        FitRounds.Call call = new FitRounds.Call(
                cluster, settings, network, new FitRounds.Tuning(layout, optimizer, masks), listener);
        FitRounds rounds = new FitRounds(call, examples, checkpoints, weights);
        OptimizerState moments = before.map(TunedState::moments).orElse(OptimizerState.none());
        return rounds.run(
                made.map(FitCheckpoint::rounds).orElse(0),
                made.map(checkpoint -> RoundVectors.of(checkpoint.values(), checkpoint.moments()))
                        .orElseGet(() -> RoundVectors.of(rounds.carried().gather(weights), moments)),
                step);
    }

    private Masks choose(NetworkLayout layout, Examples examples, Parameters weights) {
        ChooseMasks masks = new ChooseMasks(cluster, settings, network, layout, examples);
        return Timing.of(listener, "masks", () -> cluster.profile().stage(Stage.MASK, () -> masks.choose(weights)));
    }
}
