package io.sparkpeft.model;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.MaskIndex;
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

    /** The weights of one tensor, live: writing to it changes the model, where the tensor is the model's own. */
    Tensor parameter(int tensor);

    /** Replaces the weights of the mask by a vector of this model's backend; every other weight keeps its bits. */
    void write(MaskIndex index, MaskVector values);

    /** The same from ordinary memory. */
    default void write(MaskIndex index, float[] values) {
        MaskVectors vectors = backend().vectors();
        MaskVector view = vectors.view(values);
        write(index, view);
        vectors.free(view);
    }

    /** The loss without dropout, with no state kept for backward. */
    BatchLoss loss(B batch);

    /**
     * Forward with dropout and backward.
     *
     * @param gradientScale every gradient is that of gradientScale·(sum of the losses of all targets)
     */
    BatchLoss lossAndGradient(B batch, float gradientScale, GradientSink sink);

    /**
     * Forward with dropout and backward, the targets weighted one by one.
     *
     * @param targetScales one factor per label of the batch: every gradient is that of Σ targetScales[t]·(loss of
     *     target t); the loss returned is not scaled
     */
    BatchLoss lossAndGradient(B batch, float[] targetScales, GradientSink sink);

    /** Scores the batch without dropout. */
    Predictions predict(B batch);

    /**
     * The batch with every label replaced by one drawn from the model's own distribution without dropout; targets stay
     * targets. What is drawn for an example depends on the seed and the example alone, not on its batch.
     */
    B sampleLabels(B batch, long seed);

    /**
     * The batch with every target's label replaced by this one.
     *
     * @throws IllegalArgumentException if the model predicts no such label
     */
    B withLabel(B batch, int label);

    /**
     * Forward without dropout, calling {@link GradientSink#input} for every linear layer.
     */
    void observeInputs(B batch, GradientSink sink);

    @Override
    void close();
}
