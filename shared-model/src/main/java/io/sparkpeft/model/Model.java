package io.sparkpeft.model;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.ParameterLayout;

/**
 * A differentiable function of its parameters. Knows nothing of tokens, so that any network can stand behind it. Serves
 * one thread at a time.
 *
 * @param <B> the kind of batch it reads
 */
public interface Model<B extends Batch> extends AutoCloseable {
    ParameterLayout layout();

    Backend backend();

    /** The weights of one tensor, live: writing to it changes the model. */
    Tensor parameter(int tensor);

    /** The loss without dropout, with no state kept for backward. */
    BatchLoss loss(B batch);

    /**
     * Forward with dropout and backward.
     *
     * @param gradientScale every gradient is that of gradientScale·(sum of the losses of all targets)
     */
    BatchLoss lossAndGradient(B batch, float gradientScale, GradientSink sink);

    /** Scores the batch without dropout. */
    Predictions predict(B batch);

    /**
     * Forward without dropout, calling {@link GradientSink#input} for every linear layer.
     */
    void observeInputs(B batch, GradientSink sink);

    @Override
    void close();
}
