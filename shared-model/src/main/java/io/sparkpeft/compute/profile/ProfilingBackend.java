package io.sparkpeft.compute.profile;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import java.util.function.Supplier;

/**
 * Any backend, counting for each kernel calls, time, operations and bytes. Adds two readings of the clock to a call and
 * no garbage; results keep their bits.
 */
public final class ProfilingBackend extends ProfiledMatrices {
    private final InnerProducts innerProducts;

    /** @param backend what computes; closed with this one */
    public ProfilingBackend(Backend backend) {
        super(backend);
        this.innerProducts = backend instanceof InnerProducts.Maker maker ? maker.innerProducts() : new InnerProducts();
    }

    /**
     * Does work on ordinary memory that belongs to a step, and counts it with the kernels if the backend counts.
     *
     * @param elements entries of the k-vector that it works on
     */
    public static <T> T count(Backend backend, Kernel kernel, long elements, Supplier<T> work) {
        if (backend instanceof ProfilingBackend counting) {
            long began = System.nanoTime();
            T result = work.get();
            counting.clock.add(kernel, System.nanoTime() - began, elements);
            return result;
        }
        return work.get();
    }

    /** As {@link #count(Backend, Kernel, long, Supplier)}, for work without a result. */
    public static void count(Backend backend, Kernel kernel, long elements, Runnable work) {
        count(backend, kernel, elements, () -> {
            work.run();
            return kernel;
        });
    }

    /** What was counted since the last call of this method, or since the backend was made. */
    public KernelProfile drain() {
        return clock.drain();
    }

    @Override
    public void activate(Activation activation, Tensor input, Tensor output) {
        clock.start();
        backend.activate(activation, input, output);
        clock.stop(Kernel.ACTIVATE, output.size());
    }

    @Override
    public void activateForTraining(Activation activation, Tensor inputThenDerivative, Tensor output) {
        clock.start();
        backend.activateForTraining(activation, inputThenDerivative, output);
        clock.stop(Kernel.ACTIVATE_FOR_TRAINING, output.size());
    }

    @Override
    public void multiply(Tensor factor, Tensor target) {
        clock.start();
        backend.multiply(factor, target);
        clock.stop(Kernel.MULTIPLY, target.size());
    }

    @Override
    public void activateBackward(Activation activation, Tensor input, Tensor outputGradient, Tensor inputGradient) {
        clock.start();
        backend.activateBackward(activation, input, outputGradient, inputGradient);
        clock.stop(Kernel.ACTIVATE_BACKWARD, inputGradient.size());
    }

    @Override
    public void gatedSilu(Tensor gate, Tensor up, Tensor output) {
        clock.start();
        backend.gatedSilu(gate, up, output);
        clock.stop(Kernel.GATED_SILU, output.size());
    }

    @Override
    public void gatedSiluBackward(
            Tensor gate, Tensor up, Tensor outputGradient, Tensor gateGradient, Tensor upGradient) {
        clock.start();
        backend.gatedSiluBackward(gate, up, outputGradient, gateGradient, upGradient);
        clock.stop(Kernel.GATED_SILU_BACKWARD, outputGradient.size());
    }

    @Override
    public void dropout(Dropout dropout, Tensor target) {
        clock.start();
        backend.dropout(dropout, target);
        clock.stop(Kernel.DROPOUT, target.size());
    }

    @Override
    public void layerNorm(Tensor input, Tensor weight, Tensor bias, float epsilon, Tensor statistics, Tensor output) {
        clock.start();
        backend.layerNorm(input, weight, bias, epsilon, statistics, output);
        clock.stop(Kernel.LAYER_NORM, output.size());
    }

    @Override
    public void layerNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        clock.start();
        backend.layerNormBackward(input, weight, statistics, outputGradient, inputGradient);
        clock.stop(Kernel.LAYER_NORM_BACKWARD, inputGradient.size());
    }

    @Override
    public void layerNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        clock.start();
        backend.layerNormWeightGradient(input, statistics, outputGradient, weightGradient);
        clock.stop(Kernel.LAYER_NORM_WEIGHT_GRADIENT, outputGradient.size());
    }

    @Override
    public void rmsNorm(Tensor input, Tensor weight, float epsilon, Tensor statistics, Tensor output) {
        clock.start();
        backend.rmsNorm(input, weight, epsilon, statistics, output);
        clock.stop(Kernel.RMS_NORM, output.size());
    }

    @Override
    public void rmsNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        clock.start();
        backend.rmsNormBackward(input, weight, statistics, outputGradient, inputGradient);
        clock.stop(Kernel.RMS_NORM_BACKWARD, inputGradient.size());
    }

    @Override
    public void rmsNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        clock.start();
        backend.rmsNormWeightGradient(input, statistics, outputGradient, weightGradient);
        clock.stop(Kernel.RMS_NORM_WEIGHT_GRADIENT, outputGradient.size());
    }

    @Override
    public void rope(Tensor target, int[] positions, int headSize, float theta, boolean inverse) {
        clock.start();
        backend.rope(target, positions, headSize, theta, inverse);
        clock.stop(Kernel.ROPE, target.size());
    }

    @Override
    public void attention(AttentionSpec spec, QueryKeyValue input, Tensor probabilities, Tensor output) {
        startAttention();
        backend.attention(spec, input, probabilities, output);
        stopAttention(Kernel.ATTENTION, spec, 2, size(input) + output.size());
    }

    @Override
    public void attentionBackward(
            AttentionSpec spec,
            QueryKeyValue input,
            Tensor probabilities,
            Tensor outputGradient,
            QueryKeyValue gradients) {
        startAttention();
        backend.attentionBackward(spec, input, probabilities, outputGradient, gradients);
        stopAttention(Kernel.ATTENTION_BACKWARD, spec, 4, 2 * size(input) + outputGradient.size());
    }

    private void startAttention() {
        innerProducts.start();
        clock.start();
    }

    /** Counts products and the rest apart where the backend told of its products, else together. */
    private void stopAttention(Kernel kernel, AttentionSpec spec, int products, long elements) {
        long took = clock.elapsed();
        innerProducts.stop();
        long pairs = visiblePairs(spec);
        long operations = Kernel.ATTENTION_PRODUCTS.operations(products * pairs * spec.headSize());
        long bytes = Float.BYTES * elements;
        long inside = innerProducts.nanoseconds();
        if (innerProducts.calls() > 0) {
            clock.add(Kernel.ATTENTION_PRODUCTS, innerProducts.calls(), inside, operations, bytes);
            clock.add(kernel, took - inside, pairs);
        } else {
            clock.add(kernel, 1, took, kernel.operations(pairs) + operations, kernel.bytes(pairs) + bytes);
        }
    }

    /** Pairs of a query and a key that it sees, over all sequences and heads. */
    private static long visiblePairs(AttentionSpec spec) {
        long pairs = 0;
        for (int s = 0; s < spec.sequences(); s++) {
            long length = spec.offsets()[s + 1] - spec.offsets()[s];
            pairs += spec.causal() ? length * (length + 1) / 2 : length * length;
        }
        return pairs * spec.heads();
    }

    private static long size(QueryKeyValue input) {
        return (long) input.query().size() + input.key().size() + input.value().size();
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] rowScale, float[] losses, Tensor gradient) {
        clock.start();
        backend.crossEntropy(logits, labels, rowScale, losses, gradient);
        clock.stop(Kernel.CROSS_ENTROPY, logits.size());
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] losses) {
        clock.start();
        backend.crossEntropy(logits, labels, losses);
        clock.stop(Kernel.CROSS_ENTROPY_LOSS, logits.size());
    }

    @Override
    public void softmax(Tensor logits, Tensor output) {
        clock.start();
        backend.softmax(logits, output);
        clock.stop(Kernel.SOFTMAX, output.size());
    }
}
