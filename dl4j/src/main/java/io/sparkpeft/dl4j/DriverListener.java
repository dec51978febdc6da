package io.sparkpeft.dl4j;

import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.RoundUpdate;
import io.sparkpeft.dl4j.round.RoundDone;
import io.sparkpeft.dl4j.round.RoundListener;
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
    /** Of the round before; none where nobody listens. */
    private float[] weights = new float[0];

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
    public void round(RoundDone done) {
        double loss = done.tally().meanLoss();
        score.accept(loss);
        if (network.model() instanceof MultiLayerNetwork layers) {
            layers.setScore(loss);
        } else if (network.model() instanceof ComputationGraph graph) {
            graph.setScore(loss);
        }
        if (listeners.isEmpty()) {
            return;
        }
        network.afterBatch(
                Math.toIntExact(done.tally().examples()),
                RoundUpdate.of(network, weights),
                () -> listeners.forEach(l -> l.iterationDone(network.model(), network.iteration(), network.epoch())));
        weights = network.weights();
    }

    @Override
    public void epochStarts() {
        if (weights.length == 0 && !listeners.isEmpty()) {
            weights = network.weights();
        }
        listeners.forEach(l -> l.onEpochStart(network.model()));
    }

    @Override
    public void epochEnds() {
        listeners.forEach(l -> l.onEpochEnd(network.model()));
    }
}
