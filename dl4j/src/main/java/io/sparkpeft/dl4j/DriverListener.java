package io.sparkpeft.dl4j;

import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.round.RoundListener;
import io.sparkpeft.train.RoundTally;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;

/** Passes on to DL4J's listeners what happens on the driver. */
final class DriverListener implements RoundListener {
    private final Network network;
    private final List<TrainingListener> listeners;
    private final TrainingTimes times;
    private final DoubleConsumer score;

    DriverListener(Network network, List<TrainingListener> listeners, TrainingTimes times, DoubleConsumer score) {
        this.network = network;
        this.listeners = listeners;
        this.times = times;
        this.score = score;
    }

    @Override
    public void timed(String name, long began, long milliseconds) {
        times.add(name, began, milliseconds);
    }

    @Override
    public void round(RoundTally tally) {
        score.accept(tally.meanLoss());
        if (network.model() instanceof MultiLayerNetwork layers) {
            layers.setScore(tally.meanLoss());
        } else if (network.model() instanceof ComputationGraph graph) {
            graph.setScore(tally.meanLoss());
        }
        listeners.forEach(l -> l.iterationDone(network.model(), network.iteration(), network.epoch()));
    }

    @Override
    public void epochStarts() {
        listeners.forEach(l -> l.onEpochStart(network.model()));
    }

    @Override
    public void epochEnds() {
        listeners.forEach(l -> l.onEpochEnd(network.model()));
    }
}
