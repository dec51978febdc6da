package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;

/** Wants nothing: for passes without backward. */
enum NoGradients implements GradientSink {
    SINK;

    @Override
    public boolean wants(int tensor) {
        return false;
    }

    @Override
    public void accept(int tensor, int example, Tensor gradient) {
        throw new IllegalStateException("No gradient was wanted");
    }

    @Override
    public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
        throw new IllegalStateException("No gradient was wanted");
    }
}
