package io.sparkpeft.model;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.MaskBlock;
import java.util.Optional;

/**
 * Receives each tensor's gradient as backward produces it, in memory that is used again right afterwards. So a masked
 * run gathers its k numbers and the full gradient never exists at once, and a tensor that nobody wants costs no
 * weight-gradient GEMM.
 *
 * <p>With {@link #perExample} the model hands over the gradient of every example by itself: {@code accept} is called
 * once per tensor and example, in the order of the examples. Without it the gradient of a tensor may come in parts,
 * which add up.
 */
public interface GradientSink {
    /** Whether the gradient of this tensor is needed. */
    boolean wants(int tensor);

    /** Whether gradients are wanted example by example instead of summed over the batch. */
    default boolean perExample() {
        return false;
    }

    /**
     * The rows and columns of a tensor outside which nobody needs its gradient; nothing if all of it is needed. The model
     * may then hand over the gradient of the block alone, by {@link #acceptBlock}. Not asked if {@link #perExample}.
     */
    default Optional<MaskBlock> block(int tensor) {
        return Optional.empty();
    }

    /**
     * The gradient of a whole tensor, of the tensor's shape.
     *
     * @param example index of the example in the batch, −1 for the sum over the batch
     */
    void accept(int tensor, int example, Tensor gradient);

    /**
     * Whether the sink takes the gradient of a linear layer's weight as the product that it is ({@link #addProduct})
     * instead of {@link #accept}, because the matrix itself would be a waste of time or memory.
     */
    default boolean takesProduct(int tensor) {
        return false;
    }

    /**
     * The gradient of a linear layer's weight, which is leftᵀ·right over the rows of an example, or over all rows for the
     * whole batch. Called only if {@link #takesProduct}.
     *
     * @param bounds first row of every example, and the number of rows at the end
     * @param left [rows, rows of the tensor]
     * @param right [rows, columns of the tensor]
     */
    default void addProduct(int tensor, int[] bounds, Tensor left, Tensor right) {}

    /**
     * The gradient of some rows of a tensor; it is 0 in all others.
     *
     * @param rows the rows, ascending and distinct, as many as the gradient has; what lies behind them is not read
     * @param gradient one row each
     */
    void acceptRows(int tensor, int example, int[] rows, Tensor gradient);

    /**
     * The gradient, summed over the batch, of the rows and columns of a tensor that {@link #block} named.
     *
     * @param gradient [rows of the block, columns of the block]
     */
    default void acceptBlock(int tensor, Tensor gradient) {
        throw new IllegalStateException("Cannot accept a block of tensor %d: none was asked for".formatted(tensor));
    }

    /**
     * The input of a linear layer, before its weight is used in the forward pass: [positions, inputs] of one example.
     * Called only if {@link #wantsInputs}.
     */
    default void input(int tensor, Tensor input) {}

    /** Whether {@link #input} is called; no backward pass is made then. */
    default boolean wantsInputs() {
        return false;
    }
}
