package io.sparkpeft.spark.model;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.profile.ProfilingBackend;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.weights.ReplicaWeights;
import io.sparkpeft.profile.TaskProfile;
import io.sparkpeft.spark.resource.TaskDevice;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** A model that one task has to itself until it closes it. */
public final class Replica implements AutoCloseable {
    private final ExecutorModel owner;
    private final TaskDevice device;
    private final Backend backend;
    private Optional<TransformerModel> model = Optional.empty();
    private Optional<Holding> held = Optional.empty();

    /** A replica that holds no weights yet. */
    Replica(ExecutorModel owner, TaskDevice device, Backend backend) {
        this.owner = owner;
        this.device = device;
        this.backend = backend;
    }

    /**
     * What a replica's weights are.
     *
     * @param state that they are of
     * @param tuned the update mask whose weights differ from the state, because a task sets them; none if none do
     */
    record Holding(ModelState state, Artefact tuned) {}

    public TransformerModel model() {
        return model.orElseThrow(() -> new IllegalStateException("Cannot use a replica that holds no weights"));
    }

    /** Replaces the weights that the task said it would set. */
    public void write(TunedValues tuned) {
        model().write(tuned.index(), tuned.values());
    }

    boolean isOn(TaskDevice other) {
        return device.equals(other);
    }

    boolean holds(Holding wanted) {
        return held.equals(Optional.of(wanted));
    }

    /** Brings the weights to the state, all but those that the task will write. */
    void hold(Holding wanted, Configuration configuration) {
        if (holds(wanted)) {
            return;
        }
        letGo();
        ReplicaWeights weights = owner.open(wanted, device, backend, configuration);
        if (model.isPresent()) {
            model.get().use(weights);
        } else {
            model = Optional.of(owner.model(backend, weights));
        }
        held = Optional.of(wanted);
    }

    /** Gives the memory of the weights back; that of activations is kept for the next state. */
    void letGo() {
        held = Optional.empty();
        model.ifPresent(m -> m.weights().close());
    }

    void release() {
        model.ifPresent(TransformerModel::close);
        backend.close();
    }

    @Override
    public void close() {
        if (backend instanceof ProfilingBackend counting) {
            TaskProfile.add(counting.drain());
        }
        owner.giveBack(this);
    }
}
