package io.sparkpeft.importance;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;

/** Adds gradients or inputs to the sums of a statistic, on the backend. */
final class StatisticSink implements GradientSink {
    private final Backend backend;
    private final ImportanceStatistic statistic;
    /** By tensor its sums, of no rows where the tensor is not wanted. */
    private final Tensor[] sums;

    private final boolean[] wanted;

    StatisticSink(Backend backend, ImportanceStatistic statistic, Tensor[] sums, boolean[] wanted) {
        this.backend = backend;
        this.statistic = statistic;
        this.sums = sums;
        this.wanted = wanted;
    }

    private boolean squares() {
        return statistic != ImportanceStatistic.GRADIENT_SUM;
    }

    @Override
    public boolean wants(int tensor) {
        return wanted[tensor];
    }

    @Override
    public boolean perExample() {
        return squares();
    }

    @Override
    public void accept(int tensor, int example, Tensor gradient) {
        if (squares()) {
            backend.addSquares(gradient, sums[tensor]);
        } else {
            backend.add(1f, gradient, sums[tensor]);
        }
    }

    /** Squares are added up where they are made, block by block of the matrix. */
    @Override
    public boolean takesProduct(int tensor) {
        return wanted[tensor] && squares();
    }

    @Override
    public void addProduct(int tensor, int[] bounds, Tensor left, Tensor right) {
        backend.addSquaredProducts(left, right, bounds, sums[tensor]);
    }

    @Override
    public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
        if (squares()) {
            backend.addSquaredRows(gradient, rows, sums[tensor]);
        } else {
            backend.scatterAddRows(gradient, rows, sums[tensor]);
        }
    }

    @Override
    public boolean wantsInputs() {
        return statistic == ImportanceStatistic.SQUARED_INPUT;
    }

    @Override
    public void input(int tensor, Tensor input) {
        if (wanted[tensor]) {
            backend.addColumnSquares(input, sums[tensor]);
        }
    }
}
