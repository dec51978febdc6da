package io.sparkpeft.oracle;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;

/** Sums the gradients of all tensors that the loss reaches, [layout]. */
final class DenseGradients implements GradientSink {
    private final Parameters sums;
    private final Backend backend;

    DenseGradients(ParameterLayout layout, Backend backend) {
        this.sums = Parameters.zeros(layout);
        this.backend = backend;
    }

    float[] gradient(int tensor) {
        return sums.tensor(tensor);
    }

    @Override
    public boolean wants(int tensor) {
        return sums.layout().tensor(tensor).role() != TensorRole.FROZEN;
    }

    @Override
    public void accept(int tensor, int example, Tensor gradient) {
        add(tensor, 0, values(gradient), 0, gradient.size());
    }

    @Override
    public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
        float[] values = values(gradient);
        int columns = gradient.columns();
        for (int r = 0; r < gradient.rows(); r++) {
            add(tensor, rows[r] * columns, values, r * columns, columns);
        }
    }

    private void add(int tensor, int to, float[] values, int from, int count) {
        float[] target = sums.tensor(tensor);
        for (int i = 0; i < count; i++) {
            target[to + i] += values[from + i];
        }
    }

    private float[] values(Tensor gradient) {
        float[] values = new float[gradient.size()];
        backend.download(gradient, values, 0);
        return values;
    }
}
