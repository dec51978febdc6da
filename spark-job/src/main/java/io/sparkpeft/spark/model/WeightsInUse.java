package io.sparkpeft.spark.model;

import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.spark.wire.RoundWire;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;

/**
 * The weights that tasks work with: a state, or in the middle of a phase a state with the tuned values of the moment.
 */
public final class WeightsInUse implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ModelState state;
    private final Artefact updateMask;
    private final Broadcast<byte[]> message;

    private WeightsInUse(ModelState state, Artefact updateMask, Broadcast<byte[]> message) {
        this.state = state;
        this.updateMask = updateMask;
        this.message = message;
    }

    /** The weights of a state. */
    public static WeightsInUse of(ModelState state) {
        return new WeightsInUse(state, Artefact.NONE, null);
    }

    /** The weights of a state with those of the mask replaced by the values of a {@link RoundWire} message. */
    public static WeightsInUse of(ModelState state, Artefact updateMask, Broadcast<byte[]> message) {
        return new WeightsInUse(state, updateMask, message);
    }

    /** What computes with these weights: measuring and importance do, training does not. */
    public BackendChoice backend() {
        return state.base().computation().elsewhere();
    }

    /** A model with these weights, for one task outside of rounds. */
    public Replica open(Configuration configuration) {
        ExecutorModel model = ExecutorModels.of(state.base(), configuration);
        Replica replica = model.borrow(backend(), state, updateMask, configuration);
        if (!updateMask.isNone()) {
            replica.write(new TunedValues(
                    model.mask(updateMask, configuration),
                    RoundWire.decode(message.value()).values()));
        }
        return replica;
    }
}
