package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.param.MaskBlock;
import java.util.List;
import java.util.Optional;

/** One way through the network, forward and perhaps back: the memory it uses and who receives what it finds. */
public final class Pass {
    private final Backend backend;
    private final Arena arena;
    private final GradientSink sink;
    private final Optional<ActivationTap> tap;
    private final Recompute recompute;
    private boolean keeps;
    private Optional<Tensor> passing = Optional.empty();

    /** @param recompute what backward computes again instead of keeping what forward found */
    public Pass(Backend backend, Arena arena, GradientSink sink, Optional<ActivationTap> tap, Recompute recompute) {
        this.backend = backend;
        this.arena = arena;
        this.sink = sink;
        this.tap = tap;
        this.recompute = recompute;
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

    /** Says whether backward will come to what is computed from now on. */
    public void keep(boolean forBackward) {
        keeps = forBackward;
    }

    /** Whether backward computes whole blocks again. */
    public boolean recomputesFully() {
        return recompute == Recompute.FULL;
    }

    /** Whether backward computes again what takes little time, and forward keeps only what it starts from. */
    public boolean recomputesSelectively() {
        return recompute == Recompute.SELECTIVE;
    }

    public boolean keeps() {
        return keeps;
    }

    public Tensor take(int rows, int columns) {
        return arena.take(rows, columns);
    }

    /** Takes memory, for as many rows at most, for what {@link #passing} gives: to be done before any block asks for it. */
    public void takePassing(int rows, int columns) {
        passing = Optional.of(take(rows, columns));
    }

    /** Memory for what a block needs no longer than its forward pass: every block gets the same. */
    public Tensor passing(int rows) {
        return backend.rows(passing.orElseThrow(), 0, rows);
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

    /** Whether somebody looks at every intermediate result. */
    public boolean isTapped() {
        return tap.isPresent();
    }

    public void tap(String prefix, String name, Tensor value) {
        if (tap.isPresent()) {
            tap.get().record(prefix + name, value);
        }
    }

    /** Shows the sink the input of a linear layer, sequence by sequence. */
    public void observe(Weight weight, Rows rows, Tensor input) {
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
    public void dropout(float probability, int site, Rows rows, Tensor target) {
        if (probability > 0 && rows.drops()) {
            backend.dropout(new Dropout(probability, site, rows.keys()), target);
        }
    }

    public static boolean drops(float probability, Rows rows) {
        return probability > 0 && rows.drops();
    }

    /** The part of a tensor's gradient that is to be computed instead of all of it, if that is enough. */
    Optional<MaskBlock> block(Weight weight) {
        return sink.wants(weight.index()) && !sink.perExample() ? sink.block(weight.index()) : Optional.empty();
    }

    /** leftᵀ·right for the rows and columns of a block, [rows of the block, columns of the block]. */
    Tensor product(MaskBlock block, Tensor left, Tensor right) {
        Tensor product = take(block.rows().length, block.columns().length);
        Arena.Mark mark = arena.mark();
        backend.gemm(true, false, 1f, columns(left, block.rows()), columns(right, block.columns()), 0f, product);
        arena.release(mark);
        return product;
    }

    /** Some columns of a matrix, side by side; the matrix itself if these are all. */
    Tensor columns(Tensor matrix, int[] ids) {
        if (ids.length == matrix.columns()) {
            return matrix;
        }
        Tensor gathered = take(matrix.rows(), ids.length);
        backend.gatherColumns(matrix, ids, gathered);
        return gathered;
    }

    /** Hands the sink the gradient of a tensor if it wants it: of the whole batch, or of every sequence by itself. */
    void gradient(Weight weight, Rows rows, RowGradient rowGradient) {
        if (!sink.wants(weight.index())) {
            return;
        }
        Arena.Mark mark = arena.mark();
        Tensor gradient = take(weight.rows(), weight.columns());
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
