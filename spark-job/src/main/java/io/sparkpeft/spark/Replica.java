package io.sparkpeft.spark;

import io.sparkpeft.compute.profile.ProfilingBackend;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.profile.TaskProfile;
import io.sparkpeft.train.MaskedWeights;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** A model that one task has to itself until it closes it. */
public final class Replica implements AutoCloseable {
    private final ExecutorModel owner;
    private final TransformerModel model;
    private Optional<ModelState> held;
    private Artefact disturbed = Artefact.NONE;

    /** @param held the state that the model's weights are of */
    Replica(ExecutorModel owner, TransformerModel model, ModelState held) {
        this.owner = owner;
        this.model = model;
        this.held = Optional.of(held);
    }

    public TransformerModel model() {
        return model;
    }

    /** Replaces the weights that the task said it would set. */
    public void write(TunedValues tuned) {
        MaskedWeights.write(model, tuned.index(), tuned.values());
    }

    /** Brings the weights to the state, unless they differ from it only where the task will write. */
    void load(ModelState state, Artefact tuned, Configuration configuration) {
        boolean right = held.equals(Optional.of(state)) && (disturbed.isNone() || disturbed.equals(tuned));
        if (!right) {
            held = Optional.empty();
            model.load(owner.weights(state, configuration));
            held = Optional.of(state);
        }
        disturbed = tuned;
    }

    void release() {
        model.close();
        model.backend().close();
    }

    @Override
    public void close() {
        if (model.backend() instanceof ProfilingBackend counting) {
            TaskProfile.add(counting.drain());
        }
        owner.giveBack(this);
    }
}
