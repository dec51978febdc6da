package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.reference.ReferenceTensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.param.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** Keeps all gradients, summed and by example, in double precision where the backend has it. */
final class GradientRecorder implements GradientSink {
    final double[][] sums;
    final double[][][] examples;
    /** "tensor/example" of every call, in order. */
    final List<String> calls = new ArrayList<>();

    /** The tensors whose gradient came whole. */
    final Set<Integer> wholes = new TreeSet<>();

    private final ParameterLayout layout;
    private final Backend backend;
    private final IntPredicate wanted;
    private final boolean perExample;

    GradientRecorder(ParameterLayout layout, Backend backend, int examples, IntPredicate wanted) {
        this.layout = layout;
        this.backend = backend;
        this.wanted = wanted;
        this.perExample = examples > 0;
        this.sums = new double[layout.count()][];
        this.examples = new double[examples][layout.count()][];
        for (int t = 0; t < sums.length; t++) {
            sums[t] = new double[layout.tensor(t).size()];
            for (double[][] example : this.examples) {
                example[t] = new double[sums[t].length];
            }
        }
    }

    static GradientRecorder ofBatch(TransformerModel model) {
        return new GradientRecorder(model.layout(), model.backend(), 0, t -> true);
    }

    @Override
    public boolean wants(int tensor) {
        return wanted.test(tensor);
    }

    @Override
    public boolean perExample() {
        return perExample;
    }

    @Override
    public void accept(int tensor, int example, Tensor gradient) {
        if (gradient.rows() != layout.tensor(tensor).rows()
                || gradient.columns() != layout.tensor(tensor).columns()) {
            throw new AssertionError("gradient of " + layout.tensor(tensor) + " has another shape");
        }
        wholes.add(tensor);
        int[] rows = new int[gradient.rows()];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = r;
        }
        acceptRows(tensor, example, rows, gradient);
    }

    @Override
    public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
        if (!wanted.test(tensor)) {
            throw new AssertionError("nobody wants the gradient of " + layout.tensor(tensor));
        }
        calls.add(tensor + "/" + example);
        double[] values = values(gradient);
        for (int r = 0; r < gradient.rows(); r++) {
            if (r > 0 && rows[r] <= rows[r - 1]) {
                throw new AssertionError("rows do not ascend");
            }
            for (int c = 0; c < gradient.columns(); c++) {
                double value = values[r * gradient.columns() + c];
                int at = rows[r] * gradient.columns() + c;
                sums[tensor][at] += value;
                if (perExample) {
                    examples[example][tensor][at] += value;
                }
            }
        }
    }

    private double[] values(Tensor gradient) {
        if (gradient instanceof ReferenceTensor reference) {
            return reference.values();
        }
        float[] floats = new float[gradient.size()];
        backend.download(gradient, floats, 0);
        double[] values = new double[floats.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }
}
