package io.sparkpeft.model.weights;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.WeightSource;

/**
 * Weights that the models of one JVM read together. Each tensor is read when the first model takes it and given back when
 * the last lets go of it, so that what no model reads takes no memory. Serves many threads.
 */
public final class SharedWeights {
    private final WeightSource source;
    private final Backend lender;
    private final LiveWeight[] tensors;
    private final int[] readers;
    private int users;
    private boolean closed;

    /** @param lender has the memory; closed with the last user */
    public SharedWeights(WeightSource source, Backend lender) {
        this.source = source;
        this.lender = lender;
        this.tensors = new LiveWeight[source.layout().count()];
        this.readers = new int[tensors.length];
    }

    ParameterLayout layout() {
        return source.layout();
    }

    WeightSource source() {
        return source;
    }

    /** Announces a user. False once the last user has left: nobody can join any more. */
    public synchronized boolean join() {
        if (!closed) {
            users++;
        }
        return !closed;
    }

    /** Takes leave of a user that has let go of all it took. */
    public synchronized void leave() {
        if (--users == 0) {
            closed = true;
            lender.close();
        }
    }

    /** Whether the last user has left. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** Number of weights that are in memory now. */
    public synchronized long held() {
        long held = 0;
        for (int t = 0; t < tensors.length; t++) {
            held += readers[t] > 0 ? layout().tensor(t).size() : 0;
        }
        return held;
    }

    /** A tensor for a user's own backend to borrow, until it is let go. */
    synchronized Tensor take(int tensor) {
        if (readers[tensor] == 0) {
            tensors[tensor] = LiveWeight.read(lender, source, tensor);
        }
        readers[tensor]++;
        return tensors[tensor].tensor();
    }

    /** Lets go of a tensor that was taken; no view of it may be used after. */
    synchronized void release(int tensor) {
        if (--readers[tensor] == 0) {
            lender.free(tensors[tensor].tensor());
        }
    }
}
