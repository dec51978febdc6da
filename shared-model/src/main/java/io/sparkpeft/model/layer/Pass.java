package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Dropout;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import java.util.List;
import java.util.Optional;

/** One way through the network, forward and perhaps back: the memory it uses and who receives what it finds. */
public final class Pass {
    private final Backend backend;
    private final Arena arena;
    private final GradientSink sink;
    private final Optional<ActivationTap> tap;

    public Pass(Backend backend, Arena arena, GradientSink sink, Optional<ActivationTap> tap) {
        this.backend = backend;
        this.arena = arena;
        this.sink = sink;
        this.tap = tap;
    }

    /** Computes the gradient of one tensor from some rows of a batch. */
    @FunctionalInterface
    interface RowGradient {
        /**
         * @param from first row
         * @param count number of rows, 1 or more
         * @param gradient of the tensor's shape, to be overwritten
         */
        void compute(int from, int count, Tensor gradient);
    }

    public Backend backend() {
        return backend;
    }

    public Arena arena() {
        return arena;
    }

    public GradientSink sink() {
        return sink;
    }

    public Tensor take(int rows, int columns) {
        return arena.take(rows, columns);
    }

    /** Whether any of the tensors' gradients is needed. */
    public boolean wantsAny(List<Weight> weights) {
        for (Weight weight : weights) {
            if (sink.wants(weight.index())) {
                return true;
            }
        }
        return false;
    }

    void tap(String prefix, String name, Tensor value) {
        if (tap.isPresent()) {
            tap.get().record(prefix + name, value);
        }
    }

    /** Shows the sink the input of a linear layer, sequence by sequence. */
    void observe(Weight weight, Rows rows, Tensor input) {
        if (!sink.wantsInputs() || !sink.wants(weight.index())) {
            return;
        }
        for (int s = 0; s < rows.sequences(); s++) {
            int from = rows.bounds()[s];
            int count = rows.bounds()[s + 1] - from;
            if (count > 0) {
                sink.input(weight.index(), backend.rows(input, from, count));
            }
        }
    }

    /** Drops entries in place; the same call drops the same entries of a gradient. */
    void dropout(float probability, int site, Rows rows, Tensor target) {
        if (probability > 0 && rows.drops()) {
            backend.dropout(new Dropout(probability, site, rows.keys()), target);
        }
    }

    static boolean drops(float probability, Rows rows) {
        return probability > 0 && rows.drops();
    }

    /** Hands the sink the gradient of a tensor if it wants it: of the whole batch, or of every sequence by itself. */
    void gradient(Weight weight, Rows rows, RowGradient rowGradient) {
        if (!sink.wants(weight.index())) {
            return;
        }
        Arena.Mark mark = arena.mark();
        Tensor gradient = take(weight.tensor().rows(), weight.tensor().columns());
        if (sink.perExample()) {
            for (int s = 0; s < rows.sequences(); s++) {
                int from = rows.bounds()[s];
                int count = rows.bounds()[s + 1] - from;
                if (count > 0) {
                    rowGradient.compute(from, count, gradient);
                } else {
                    backend.fill(gradient, 0f);
                }
                sink.accept(weight.index(), s, gradient);
            }
        } else {
            rowGradient.compute(0, rows.count(), gradient);
            sink.accept(weight.index(), -1, gradient);
        }
        arena.release(mark);
    }
}
