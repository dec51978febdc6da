package io.sparkpeft.dl4j.transformer;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.param.ParameterLayout;
import java.util.Arrays;

/** Adds up the gradients of all weights in one vector. */
final class FlatGradient implements GradientSink {
    private final ParameterLayout layout;
    private final Backend backend;
    private final float[] values;
    private float[] part = new float[0];

    FlatGradient(ParameterLayout layout, Backend backend) {
        this.layout = layout;
        this.backend = backend;
        this.values = new float[Math.toIntExact(layout.size())];
    }

    void clear() {
        Arrays.fill(values, 0f);
    }

    float[] values() {
        return values;
    }

    @Override
    public boolean wants(int tensor) {
        return true;
    }

    @Override
    public void accept(int tensor, int example, Tensor gradient) {
        download(gradient);
        add(Math.toIntExact(layout.offset(tensor)), 0, gradient.size());
    }

    @Override
    public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
        download(gradient);
        int columns = gradient.columns();
        for (int r = 0; r < gradient.rows(); r++) {
            add(Math.toIntExact(layout.offset(tensor)) + rows[r] * columns, r * columns, columns);
        }
    }

    private void download(Tensor gradient) {
        if (part.length < gradient.size()) {
            part = new float[gradient.size()];
        }
        backend.download(gradient, part, 0);
    }

    private void add(int to, int from, int count) {
        for (int i = 0; i < count; i++) {
            values[to + i] += part[from + i];
        }
    }
}
