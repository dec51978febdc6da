package io.sparkpeft.model.weights;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.layer.Weight;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorSpec;
import java.util.Optional;

/**
 * The weights of one of several models in a JVM: tensors with tuned entries are its own, all others are shared, and no
 * write reaches them.
 */
public final class ReplicaWeights implements ModelWeights {
    private final SharedWeights shared;
    private final Backend backend;
    private final LiveWeight[] weights;
    private final boolean[] own;
    private boolean closed;

    /**
     * Takes the shared tensors and reads its own.
     *
     * @param shared which the model has joined; it leaves them when it is closed
     * @param backend of the model
     * @param tuned the weights that will be written; empty if none will
     */
    public ReplicaWeights(SharedWeights shared, Backend backend, Optional<MaskIndex> tuned) {
        this.shared = shared;
        this.backend = backend;
        this.weights = new LiveWeight[layout().count()];
        this.own = new boolean[weights.length];
        try {
            for (int t = 0; t < weights.length; t++) {
                own[t] = tuned.isPresent() && tuned.get().count(t) > 0;
                weights[t] = own[t]
                        ? LiveWeight.read(backend, shared.source(), t)
                        : new LiveWeight(t, borrow(shared.take(t), t));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private Tensor borrow(Tensor lent, int tensor) {
        try {
            return backend.borrow(lent);
        } catch (RuntimeException | Error e) {
            shared.release(tensor);
            throw e;
        }
    }

    @Override
    public ParameterLayout layout() {
        return shared.layout();
    }

    /** Number of weights that are the model's own. */
    public long owned() {
        long owned = 0;
        for (int t = 0; t < own.length; t++) {
            owned += own[t] ? layout().tensor(t).size() : 0;
        }
        return owned;
    }

    @Override
    public Weight weight(int tensor) {
        return weights[tensor];
    }

    @Override
    public void write(MaskIndex index, float[] values) {
        for (int t = 0; t < weights.length; t++) {
            if (index.count(t) == 0) {
                continue;
            }
            if (!own[t]) {
                TensorSpec spec = layout().tensor(t);
                throw new IllegalArgumentException(
                        "Cannot write to tensor %s: it is shared, the model was opened for a mask without it"
                                .formatted(spec.name()));
            }
            weights[t].write(backend, index, values);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int t = 0; t < weights.length; t++) {
            if (weights[t] != null) {
                backend.free(weights[t].tensor());
                if (!own[t]) {
                    shared.release(t);
                }
            }
        }
        shared.leave();
    }
}
