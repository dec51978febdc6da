package io.sparkpeft.importance;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.Batch;
import io.sparkpeft.model.Model;
import io.sparkpeft.model.Predictions;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.util.Arrays;

/**
 * Accumulates a statistic of the BODY weights over batches, in backend memory. The loss of an example is the sum of the
 * losses of its targets, its negative log-likelihood; an example is one sequence. Give it batches without dropout.
 * Serves one thread.
 */
public final class ImportanceAccumulator<B extends Batch> implements AutoCloseable {
    private final Model<B> model;
    private final ImportanceStatistic statistic;
    private final long seed;
    private final Tensor[] sums;
    private final boolean[] wanted;
    private final StatisticSink sink;

    private long examples;
    private long batches;

    /**
     * An accumulator of zeros.
     *
     * @param statistic anything but {@link ImportanceStatistic#NONE}
     * @param seed for labels drawn from the model's distribution
     */
    public ImportanceAccumulator(Model<B> model, ImportanceStatistic statistic, long seed) {
        if (statistic == ImportanceStatistic.NONE) {
            throw new IllegalArgumentException("Invalid statistic: NONE needs no data");
        }
        this.model = model;
        this.statistic = statistic;
        this.seed = seed;
        ParameterLayout layout = model.layout();
        this.sums = new Tensor[layout.count()];
        this.wanted = new boolean[layout.count()];
        for (int t = 0; t < sums.length; t++) {
            wanted[t] = isWanted(layout.tensor(t));
            if (wanted[t]) {
                sums[t] = allocate(model.backend(), layout.tensor(t));
            }
        }
        this.sink = new StatisticSink(model.backend(), statistic, sums, wanted);
    }

    private boolean isWanted(TensorSpec spec) {
        boolean hasInputs = spec.kind() == TensorKind.LINEAR || spec.kind() == TensorKind.CONV1D;
        return spec.role() == TensorRole.BODY && (hasInputs || statistic != ImportanceStatistic.SQUARED_INPUT);
    }

    private Tensor allocate(Backend backend, TensorSpec spec) {
        return statistic == ImportanceStatistic.SQUARED_INPUT
                ? backend.allocate(1, inputs(spec))
                : backend.allocate(spec.rows(), spec.columns());
    }

    private static int inputs(TensorSpec spec) {
        return spec.kind() == TensorKind.CONV1D ? spec.rows() : spec.columns();
    }

    /** Adds a batch. For {@link ImportanceStatistic#GRADIENT_SUM} its mean gradient counts, whatever its size. */
    public void add(B batch) {
        if (batch.targets() == 0 && statistic != ImportanceStatistic.SQUARED_INPUT) {
            return;
        }
        switch (statistic) {
            case SQUARED_GRADIENT -> model.lossAndGradient(batch, 1f, sink);
            case EXPECTED_SQUARED_GRADIENT -> addExpected(batch);
            case GRADIENT_SUM -> model.lossAndGradient(batch, 1f / batch.targets(), sink);
            case SQUARED_INPUT -> model.observeInputs(batch, sink);
            case NONE -> throw new AssertionError("Refused by the constructor");
        }
        examples += batch.examples();
        batches++;
    }

    /** Σ_c p(c|x)·g_c² is the sum of the squares of √p(c|x)·g_c: one backward pass a class. */
    private void addExpected(B batch) {
        Predictions predictions = model.predict(batch);
        float[][] probabilities = predictions.probabilities();
        if (probabilities.length == 0) {
            model.lossAndGradient(model.sampleLabels(batch, seed), 1f, sink);
            return;
        }
        for (int c = 0; c < probabilities[0].length; c++) {
            float[] roots = new float[probabilities.length];
            for (int e = 0; e < roots.length; e++) {
                roots[e] = (float) Math.sqrt(probabilities[e][c]);
            }
            model.lossAndGradient(model.withLabel(batch, c), roots, sink);
        }
    }

    /** Examples added. */
    public long examples() {
        return examples;
    }

    /** Batches added. */
    public long batches() {
        return batches;
    }

    /**
     * The statistic of every entry of a slice, in its order; 0 for tensors that have none. To cut many slices of one
     * tensor, pass them one after the other: the tensor is read anew for each.
     */
    public float[] cut(ParameterSlice slice) {
        return cut(slice, tensor(slice.tensor()));
    }

    /**
     * The sums of a whole tensor, as {@link #cut(ParameterSlice, float[])} takes them: one per weight, row-major, or
     * one per input for {@link ImportanceStatistic#SQUARED_INPUT}; none for tensors that have no statistic.
     */
    public float[] tensor(int tensor) {
        if (!wanted[tensor]) {
            return new float[0];
        }
        float[] values = new float[sums[tensor].size()];
        model.backend().download(sums[tensor], values, 0);
        return values;
    }

    /** The statistic of every entry of a slice, from the sums of its tensor. */
    public float[] cut(ParameterSlice slice, float[] tensorSums) {
        if (tensorSums.length == 0) {
            return new float[slice.size()];
        }
        if (statistic != ImportanceStatistic.SQUARED_INPUT) {
            return slice.cut(tensorSums);
        }
        float[] cut = new float[slice.size()];
        for (int line = 0; line < slice.lineCount(); line++) {
            System.arraycopy(tensorSums, 0, cut, line * slice.lineLength(), slice.lineLength());
        }
        return cut;
    }

    /** Sets all sums back to 0. */
    public void clear() {
        Arrays.stream(sums).filter(s -> s != null).forEach(s -> model.backend().fill(s, 0f));
        examples = 0;
        batches = 0;
    }

    @Override
    public void close() {
        Arrays.stream(sums).filter(s -> s != null).forEach(s -> model.backend().free(s));
    }
}
