package io.sparkpeft.model.weights;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.param.source.RoundedWeights;
import java.util.Arrays;
import java.util.Optional;

/**
 * Weights that the models of one JVM read together. Each tensor is read when the first model takes it and given back when
 * the last lets go of it, so that what no model reads takes no memory. Serves many threads.
 */
public final class SharedWeights {
    private final WeightSource source;
    private final Backend lender;
    private final boolean packs;
    private final Lent[] tensors;
    private final int[] readers;
    private int users;
    private boolean closed;

    /**
     * @param lender has the memory; closed with the last user
     * @param packs whether matrices that are {@link RoundedWeights#rounds rounded} are held in half the memory as far as
     *     their values allow it, without any loss; else all are held as floats
     */
    public SharedWeights(WeightSource source, Backend lender, boolean packs) {
        this.source = source;
        this.lender = lender;
        this.packs = packs;
        this.tensors = new Lent[source.layout().count()];
        this.readers = new int[tensors.length];
    }

    /**
     * A tensor in the lender's memory.
     *
     * @param tensor its floats; those of its halves where it is packed
     * @param packed what belongs to them there
     */
    record Lent(Tensor tensor, Optional<PackedTensor> packed) {}

    ParameterLayout layout() {
        return source.layout();
    }

    WeightSource source() {
        return source;
    }

    /** Whether a tensor of which so many entries are tuned may be held packed. */
    boolean mayPack(int tensor, int tuned) {
        TensorSpec spec = layout().tensor(tensor);
        return packs && RoundedWeights.rounds(spec) && tuned <= PackedTensor.most(spec);
    }

    /** Entries of the largest tensor that may be packed. */
    int largestPacked() {
        return layout().tensors().stream()
                .filter(RoundedWeights::rounds)
                .mapToInt(TensorSpec::size)
                .max()
                .orElse(0);
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

    /** Bytes of the tensors that are in memory now. */
    public synchronized long bytes() {
        return Arrays.stream(tensors)
                .filter(lent -> lent != null)
                .mapToLong(lent -> lent.packed()
                        .map(PackedTensor::bytes)
                        .orElse((long) Float.BYTES * lent.tensor().size()))
                .sum();
    }

    /** A tensor for a user's own backend to borrow, until it is let go. */
    synchronized Lent take(int tensor) {
        if (readers[tensor] == 0) {
            tensors[tensor] = read(tensor);
        }
        readers[tensor]++;
        return tensors[tensor];
    }

    private Lent read(int tensor) {
        Optional<PackedTensor> packed =
                mayPack(tensor, 0) ? PackedTensor.read(lender, source, tensor) : Optional.empty();
        return packed.isPresent()
                ? new Lent(packed.get().halves(), packed)
                : new Lent(LiveWeight.read(lender, source, tensor).tensor(), Optional.empty());
    }

    /** Lets go of a tensor that was taken; no view of it may be used after. */
    synchronized void release(int tensor) {
        if (--readers[tensor] == 0) {
            lender.free(tensors[tensor].tensor());
            tensors[tensor] = null;
        }
    }
}
