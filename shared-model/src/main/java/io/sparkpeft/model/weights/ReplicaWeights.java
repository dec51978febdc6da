package io.sparkpeft.model.weights;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.layer.Weight;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The weights of one of several models in a JVM: tensors with tuned entries are its own, all others are shared, and no
 * write reaches them. A tensor that is packed is shared even if some of its entries are tuned: only these are the
 * model's own.
 */
public final class ReplicaWeights implements ModelWeights {
    private static final int[] NONE = {};

    private final SharedWeights shared;
    private final Backend backend;
    private final MaskVectors vectors;
    private final Optional<MaskIndex> tuned;
    private final List<Weight> weights = new ArrayList<>();
    private final List<LiveWeight> own = new ArrayList<>();
    private final List<PackedWeight> packed = new ArrayList<>();
    private final List<Runnable> releases = new ArrayList<>();
    private Optional<Expansion> expansion = Optional.empty();
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
        this.vectors = backend.vectors();
        this.tuned = tuned;
        try {
            for (int t = 0; t < layout().count(); t++) {
                weights.add(tunes(t) && !shared.mayPack(t, tuned.orElseThrow().count(t)) ? ownWeight(t) : borrowed(t));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private boolean tunes(int tensor) {
        return tuned.isPresent() && tuned.get().count(tensor) > 0;
    }

    private Weight ownWeight(int tensor) {
        LiveWeight weight = LiveWeight.read(backend, shared.source(), tensor);
        releases.add(() -> backend.free(weight.tensor()));
        own.add(weight);
        return weight;
    }

    private Weight borrowed(int tensor) {
        SharedWeights.Lent lent = shared.take(tensor);
        if (tunes(tensor) && lent.packed().isEmpty()) {
            shared.release(tensor);
            return ownWeight(tensor);
        }
        releases.add(() -> shared.release(tensor));
        Tensor view = backend.borrow(lent.tensor());
        releases.add(() -> backend.free(view));
        if (lent.packed().isEmpty()) {
            return new LiveWeight(tensor, view);
        }
        PackedTensor halves = new PackedTensor(
                view, lent.packed().get().places(), lent.packed().get().values());
        int[] places = tunes(tensor) ? tuned.orElseThrow().indices(tensor) : NONE;
        PackedWeight weight = new PackedWeight(tensor, layout().tensor(tensor), halves, expansion(), places);
        releases.add(weight::close);
        packed.add(weight);
        return weight;
    }

    private Expansion expansion() {
        if (expansion.isEmpty()) {
            expansion = Optional.of(new Expansion(backend, vectors, shared.largestPacked()));
        }
        return expansion.get();
    }

    @Override
    public ParameterLayout layout() {
        return shared.layout();
    }

    /** Bytes that are the model's own. */
    public long ownBytes() {
        return Float.BYTES * own.stream().mapToLong(w -> w.tensor().size()).sum()
                + packed.stream().mapToLong(PackedWeight::bytes).sum()
                + expansion.map(Expansion::bytes).orElse(0L);
    }

    @Override
    public Weight weight(int tensor) {
        return weights.get(tensor);
    }

    @Override
    public void write(MaskIndex index, MaskVector values) {
        for (int t = 0; t < layout().count(); t++) {
            if (index.count(t) > 0 && !tunes(t)) {
                throw new IllegalArgumentException(
                        "Cannot write to tensor %s: it is shared, the model was opened for a mask without it"
                                .formatted(layout().tensor(t).name()));
            }
        }
        for (LiveWeight weight : own) {
            if (index.count(weight.index()) > 0) {
                weight.write(vectors, index, values);
            }
        }
        for (PackedWeight weight : packed) {
            if (index.count(weight.index()) > 0) {
                weight.write(index, values);
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int i = releases.size() - 1; i >= 0; i--) {
            releases.get(i).run();
        }
        expansion.ifPresent(Expansion::close);
        shared.leave();
    }
}
