package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;

/**
 * Hands on the gradients of some of a batch's examples under their numbers in the whole batch.
 *
 * @param sink that receives them
 * @param first number of the first of these examples
 */
record OffsetSink(GradientSink sink, int first) implements GradientSink {
    @Override
    public boolean wants(int tensor) {
        return sink.wants(tensor);
    }

    @Override
    public boolean perExample() {
        return true;
    }

    @Override
    public void accept(int tensor, int example, Tensor gradient) {
        sink.accept(tensor, first + example, gradient);
    }

    @Override
    public boolean takesProduct(int tensor) {
        return sink.takesProduct(tensor);
    }

    /** The product does not say which examples its rows are of. */
    @Override
    public void addProduct(int tensor, int[] bounds, Tensor left, Tensor right) {
        sink.addProduct(tensor, bounds, left, right);
    }

    @Override
    public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
        sink.acceptRows(tensor, first + example, rows, gradient);
    }
}
