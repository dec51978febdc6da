package io.sparkpeft.stage.train;

import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.train.TrainSettings;
import java.util.Optional;
import org.apache.spark.broadcast.Broadcast;

/**
 * Sends executors what all rounds of a phase have in common once, and again where other weights are tuned from a round
 * on, so that a round's own tasks say no more than which round it is.
 */
final class PhaseBroadcast implements AutoCloseable {
    private final Cluster cluster;
    private final TrainRounds.Job job;
    private final TrainSettings settings;
    private Artefact updateMask = Artefact.NONE;
    private Optional<Broadcast<TrainTask.Phase>> sent = Optional.empty();

    PhaseBroadcast(Cluster cluster, TrainRounds.Job job, TrainSettings settings) {
        this.cluster = cluster;
        this.job = job;
        this.settings = settings;
    }

    /** For rounds that tune the weights of that mask. */
    Broadcast<TrainTask.Phase> with(Artefact mask) {
        if (sent.isPresent() && updateMask.equals(mask)) {
            return sent.get();
        }
        close();
        TrainTask.Phase phase = new TrainTask.Phase(job.state(), mask, job.data(), job.plan(), settings);
        Broadcast<TrainTask.Phase> broadcast = cluster.context().broadcast(phase);
        updateMask = mask;
        sent = Optional.of(broadcast);
        return broadcast;
    }

    @Override
    public void close() {
        sent.ifPresent(Broadcast::destroy);
        sent = Optional.empty();
    }
}
