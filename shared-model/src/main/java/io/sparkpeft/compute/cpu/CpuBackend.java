package io.sparkpeft.compute.cpu;

import static io.sparkpeft.compute.cpu.kernel.CpuTensor.of;

import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Shapes;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.cpu.kernel.Kernels;
import io.sparkpeft.compute.profile.InnerProducts;

/**
 * Kernels for processors: float tensors outside the heap, matrix products by ND4J's OpenBLAS straight in their memory,
 * all else in the JDK's Vector API, or in plain loops where the JVM was started without it. One thread; the bits of a
 * result depend on the arguments and the processor only.
 */
public final class CpuBackend extends CpuTensors implements InnerProducts.Maker {
    private final Kernels kernels;
    private final SampledProduct sampledProduct;
    private final SquaredProducts squaredProducts;
    private final InnerProducts innerProducts = new InnerProducts();

    public CpuBackend() {
        this(KernelChoice.best());
    }

    /** With loops other than the best: for tests and measurements. */
    public CpuBackend(Kernels kernels) {
        super(kernels);
        this.kernels = kernels;
        this.sampledProduct = new SampledProduct(kernels);
        this.squaredProducts = new SquaredProducts(kernels, scratch);
        OpenBlas.useOneThread();
    }

    @Override
    public InnerProducts innerProducts() {
        return innerProducts;
    }

    @Override
    public void add(float alpha, Tensor source, Tensor target) {
        Shapes.same("add", source, target);
        kernels.add(alpha, of(source), of(target));
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, float alpha, Tensor a, Tensor b, float beta, Tensor c) {
        Shapes.gemm(transposeA, transposeB, a, b, c);
        OpenBlas.gemm(transposeA, transposeB, alpha, of(a), of(b), beta, of(c));
    }

    @Override
    public void fillRows(Tensor bias, Tensor target) {
        Shapes.rowVector("fillRows", target, bias);
        kernels.fillRows(of(bias), of(target));
    }

    @Override
    public void addBias(Tensor bias, Tensor source, Tensor output) {
        Shapes.same("addBias", source, output);
        Shapes.rowVector("addBias", source, bias);
        kernels.addBias(of(bias), of(source), of(output));
    }

    @Override
    public void sumRows(Tensor source, Tensor target) {
        Shapes.rowVector("sumRows", source, target);
        kernels.sumRows(of(source), of(target));
    }

    @Override
    public void activate(Activation activation, Tensor input, Tensor output) {
        Shapes.same("activate", input, output);
        kernels.activate(activation, of(input), of(output));
    }

    @Override
    public void activateForTraining(Activation activation, Tensor inputThenDerivative, Tensor output) {
        Shapes.same("activateForTraining", inputThenDerivative, output);
        kernels.activateForTraining(activation, of(inputThenDerivative), of(output));
    }

    @Override
    public void multiply(Tensor factor, Tensor target) {
        Shapes.same("multiply", factor, target);
        kernels.multiply(of(factor), of(target));
    }

    @Override
    public void activateBackward(Activation activation, Tensor input, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("activateBackward", input, outputGradient, inputGradient);
        kernels.activateBackward(activation, of(input), of(outputGradient), of(inputGradient));
    }

    @Override
    public void gatedSilu(Tensor gate, Tensor up, Tensor output) {
        Shapes.same("gatedSilu", gate, up, output);
        kernels.gatedSilu(of(gate), of(up), of(output));
    }

    @Override
    public void gatedSiluBackward(
            Tensor gate, Tensor up, Tensor outputGradient, Tensor gateGradient, Tensor upGradient) {
        Shapes.same("gatedSiluBackward", gate, up, outputGradient, gateGradient, upGradient);
        kernels.gatedSiluBackward(of(gate), of(up), of(outputGradient), of(gateGradient), of(upGradient));
    }

    @Override
    public void dropout(Dropout dropout, Tensor target) {
        if (dropout.isActive()) {
            Shapes.rowKeys("dropout", dropout, target);
            kernels.dropout(dropout, of(target));
        }
    }

    @Override
    public void layerNorm(Tensor input, Tensor weight, Tensor bias, float epsilon, Tensor statistics, Tensor output) {
        Shapes.same("layerNorm", input, output);
        Shapes.rowVector("layerNorm", input, weight, bias);
        Shapes.statistics("layerNorm", input, statistics, 2);
        kernels.layerNorm(of(input), of(weight), of(bias), epsilon, of(statistics), of(output));
    }

    @Override
    public void layerNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("layerNormBackward", input, outputGradient, inputGradient);
        Shapes.rowVector("layerNormBackward", input, weight);
        Shapes.statistics("layerNormBackward", input, statistics, 2);
        kernels.layerNormBackward(of(input), of(weight), of(statistics), of(outputGradient), of(inputGradient));
    }

    @Override
    public void layerNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        Shapes.same("layerNormWeightGradient", input, outputGradient);
        Shapes.rowVector("layerNormWeightGradient", input, weightGradient);
        Shapes.statistics("layerNormWeightGradient", input, statistics, 2);
        kernels.normWeightGradient(of(input), of(statistics), of(outputGradient), of(weightGradient));
    }

    @Override
    public void rmsNorm(Tensor input, Tensor weight, float epsilon, Tensor statistics, Tensor output) {
        Shapes.same("rmsNorm", input, output);
        Shapes.rowVector("rmsNorm", input, weight);
        Shapes.statistics("rmsNorm", input, statistics, 1);
        kernels.rmsNorm(of(input), of(weight), epsilon, of(statistics), of(output));
    }

    @Override
    public void rmsNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("rmsNormBackward", input, outputGradient, inputGradient);
        Shapes.rowVector("rmsNormBackward", input, weight);
        Shapes.statistics("rmsNormBackward", input, statistics, 1);
        kernels.rmsNormBackward(of(input), of(weight), of(statistics), of(outputGradient), of(inputGradient));
    }

    @Override
    public void rmsNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        Shapes.same("rmsNormWeightGradient", input, outputGradient);
        Shapes.rowVector("rmsNormWeightGradient", input, weightGradient);
        Shapes.statistics("rmsNormWeightGradient", input, statistics, 1);
        kernels.normWeightGradient(of(input), of(statistics), of(outputGradient), of(weightGradient));
    }

    @Override
    public void rope(Tensor target, int[] positions, int headSize, float theta, boolean inverse) {
        int largest = Shapes.rope(target, positions, headSize);
        if (target.rows() > 0) {
            kernels.rope(of(target), positions, headSize, scratch.ropeTable(largest, headSize, theta), inverse);
        }
    }

    @Override
    public void attention(AttentionSpec spec, QueryKeyValue input, Tensor probabilities, Tensor output) {
        Shapes.attention("attention", spec, input, probabilities, output);
        new CpuAttention(kernels, spec, of(probabilities), scratch, innerProducts).forward(input, of(output));
    }

    @Override
    public void attentionBackward(
            AttentionSpec spec,
            QueryKeyValue input,
            Tensor probabilities,
            Tensor outputGradient,
            QueryKeyValue gradients) {
        Shapes.attention("attentionBackward", spec, input, probabilities, outputGradient);
        Shapes.attention("attentionBackward", spec, gradients, probabilities, outputGradient);
        new CpuAttention(kernels, spec, of(probabilities), scratch, innerProducts)
                .backward(input, of(outputGradient), gradients);
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] rowScale, float[] losses, Tensor gradient) {
        Shapes.same("crossEntropy", logits, gradient);
        Shapes.count("crossEntropy", "row scales", rowScale.length, logits.rows());
        Shapes.labels("crossEntropy", labels, logits);
        Shapes.count("crossEntropy", "losses", losses.length, logits.rows());
        kernels.crossEntropy(of(logits), labels, rowScale, losses, of(gradient));
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] losses) {
        Shapes.labels("crossEntropy", labels, logits);
        Shapes.count("crossEntropy", "losses", losses.length, logits.rows());
        kernels.crossEntropy(of(logits), labels, losses);
    }

    @Override
    public void softmax(Tensor logits, Tensor output) {
        Shapes.same("softmax", logits, output);
        kernels.softmax(of(logits), of(output));
    }

    @Override
    public void addSampledProduct(Tensor left, Tensor right, Entries entries, float[] target, int offset) {
        Shapes.sampled(left, right, entries, target.length - offset);
        sampledProduct.add(of(left), of(right), entries, target, offset);
    }

    @Override
    public void addSquares(Tensor source, Tensor target) {
        Shapes.same("addSquares", source, target);
        kernels.addSquares(of(source), of(target));
    }

    @Override
    public void addSquaredProducts(Tensor left, Tensor right, int[] bounds, Tensor target) {
        Shapes.products(left, right, bounds, target);
        squaredProducts.add(of(left), of(right), bounds, of(target));
    }

    @Override
    public void addColumnSquares(Tensor source, Tensor target) {
        Shapes.rowVector("addColumnSquares", source, target);
        kernels.addColumnSquares(of(source), of(target));
    }
}
