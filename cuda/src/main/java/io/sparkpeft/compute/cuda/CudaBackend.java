package io.sparkpeft.compute.cuda;

import static io.sparkpeft.compute.cuda.memory.CudaTensor.of;

import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Shapes;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.kernel.ProductKernels;
import io.sparkpeft.compute.cuda.kernel.RopeKernel;
import io.sparkpeft.compute.cuda.kernel.RowKernels;
import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import io.sparkpeft.compute.cuda.memory.Workspace;

/**
 * Kernels on a GPU: matrix products by its library, all else by this module's own kernels. Everything is asked for in
 * one stream and done in order; the device is waited for only where something comes back. No sum depends on the order in
 * which threads happen to run, so that the same calls on the same kind of device give the same bits.
 */
public final class CudaBackend extends CudaTensors {
    /** @param device closed with the backend */
    public CudaBackend(Device device, MemoryBudget budget, Precision precision) {
        this(Workspace.of(device, budget), precision);
    }

    /** @param work closed with the backend */
    CudaBackend(Workspace work, Precision precision) {
        super(work, precision);
    }

    @Override
    public void add(float alpha, Tensor source, Tensor target) {
        Shapes.same("add", source, target);
        kernels.elements().add(alpha, of(source), of(target));
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, float alpha, Tensor a, Tensor b, float beta, Tensor c) {
        Shapes.gemm(transposeA, transposeB, a, b, c);
        kernels.products().multiply(new ProductKernels.Flags(transposeA, transposeB), alpha, of(a), of(b), beta, of(c));
    }

    @Override
    public void fillRows(Tensor bias, Tensor target) {
        Shapes.rowVector("fillRows", target, bias);
        kernels.elements().fillRows(of(bias), of(target));
    }

    @Override
    public void addBias(Tensor bias, Tensor source, Tensor output) {
        Shapes.same("addBias", source, output);
        Shapes.rowVector("addBias", source, bias);
        kernels.elements().addBias(of(bias), of(source), of(output));
    }

    @Override
    public void sumRows(Tensor source, Tensor target) {
        Shapes.rowVector("sumRows", source, target);
        kernels.columns().sumRows(of(source), of(target));
    }

    @Override
    public void activate(Activation activation, Tensor input, Tensor output) {
        Shapes.same("activate", input, output);
        kernels.elements().activate(activation, of(input), of(output));
    }

    @Override
    public void activateForTraining(Activation activation, Tensor inputThenDerivative, Tensor output) {
        Shapes.same("activateForTraining", inputThenDerivative, output);
        kernels.elements().activateForTraining(activation, of(inputThenDerivative), of(output));
    }

    @Override
    public void multiply(Tensor factor, Tensor target) {
        Shapes.same("multiply", factor, target);
        kernels.elements().multiply(of(factor), of(target));
    }

    @Override
    public void activateBackward(Activation activation, Tensor input, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("activateBackward", input, outputGradient, inputGradient);
        kernels.elements().activateBackward(activation, of(input), of(outputGradient), of(inputGradient));
    }

    @Override
    public void gatedSilu(Tensor gate, Tensor up, Tensor output) {
        Shapes.same("gatedSilu", gate, up, output);
        kernels.elements().gatedSilu(of(gate), of(up), of(output));
    }

    @Override
    public void gatedSiluBackward(
            Tensor gate, Tensor up, Tensor outputGradient, Tensor gateGradient, Tensor upGradient) {
        Shapes.same("gatedSiluBackward", gate, up, outputGradient, gateGradient, upGradient);
        kernels.elements().gatedSiluBackward(of(gate), of(up), of(outputGradient), of(gateGradient), of(upGradient));
    }

    @Override
    public void dropout(Dropout dropout, Tensor target) {
        if (dropout.isActive()) {
            Shapes.rowKeys("dropout", dropout, target);
            kernels.elements().dropout(dropout, of(target));
        }
    }

    @Override
    public void layerNorm(Tensor input, Tensor weight, Tensor bias, float epsilon, Tensor statistics, Tensor output) {
        Shapes.same("layerNorm", input, output);
        Shapes.rowVector("layerNorm", input, weight, bias);
        Shapes.statistics("layerNorm", input, statistics, 2);
        kernels.rows().layerNorm(norm(input, weight, statistics), of(bias), epsilon, of(output));
    }

    @Override
    public void layerNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("layerNormBackward", input, outputGradient, inputGradient);
        Shapes.rowVector("layerNormBackward", input, weight);
        Shapes.statistics("layerNormBackward", input, statistics, 2);
        kernels.rows().layerNormBackward(norm(input, weight, statistics), of(outputGradient), of(inputGradient));
    }

    @Override
    public void layerNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        Shapes.same("layerNormWeightGradient", input, outputGradient);
        Shapes.rowVector("layerNormWeightGradient", input, weightGradient);
        Shapes.statistics("layerNormWeightGradient", input, statistics, 2);
        kernels.columns().normWeightGradient(of(input), of(statistics), of(outputGradient), of(weightGradient));
    }

    @Override
    public void rmsNorm(Tensor input, Tensor weight, float epsilon, Tensor statistics, Tensor output) {
        Shapes.same("rmsNorm", input, output);
        Shapes.rowVector("rmsNorm", input, weight);
        Shapes.statistics("rmsNorm", input, statistics, 1);
        kernels.rows().rmsNorm(norm(input, weight, statistics), epsilon, of(output));
    }

    @Override
    public void rmsNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("rmsNormBackward", input, outputGradient, inputGradient);
        Shapes.rowVector("rmsNormBackward", input, weight);
        Shapes.statistics("rmsNormBackward", input, statistics, 1);
        kernels.rows().rmsNormBackward(norm(input, weight, statistics), of(outputGradient), of(inputGradient));
    }

    @Override
    public void rmsNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        Shapes.same("rmsNormWeightGradient", input, outputGradient);
        Shapes.rowVector("rmsNormWeightGradient", input, weightGradient);
        Shapes.statistics("rmsNormWeightGradient", input, statistics, 1);
        kernels.columns().normWeightGradient(of(input), of(statistics), of(outputGradient), of(weightGradient));
    }

    @Override
    public void rope(Tensor target, int[] positions, int headSize, float theta, boolean inverse) {
        int largest = Shapes.rope(target, positions, headSize);
        kernels.rope().turn(of(target), positions, largest, new RopeKernel.Turn(headSize, theta, inverse));
    }

    @Override
    public void attention(AttentionSpec spec, QueryKeyValue input, Tensor probabilities, Tensor output) {
        Shapes.attention("attention", spec, input, probabilities, output);
        kernels.attention().forward(spec, input, of(probabilities), of(output));
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
        kernels.attention().backward(spec, input, of(probabilities), of(outputGradient), gradients);
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] rowScale, float[] losses, Tensor gradient) {
        Shapes.same("crossEntropy", logits, gradient);
        Shapes.count("crossEntropy", "row scales", rowScale.length, logits.rows());
        Shapes.labels("crossEntropy", labels, logits);
        Shapes.count("crossEntropy", "losses", losses.length, logits.rows());
        kernels.rows().crossEntropy(of(logits), labels, rowScale, losses, of(gradient));
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] losses) {
        Shapes.labels("crossEntropy", labels, logits);
        Shapes.count("crossEntropy", "losses", losses.length, logits.rows());
        kernels.rows().crossEntropy(of(logits), labels, losses);
    }

    @Override
    public void softmax(Tensor logits, Tensor output) {
        Shapes.same("softmax", logits, output);
        kernels.rows().softmax(of(logits), of(output));
    }

    @Override
    public void addSquares(Tensor source, Tensor target) {
        Shapes.same("addSquares", source, target);
        kernels.elements().addSquares(of(source), of(target));
    }

    @Override
    public void addSquaredProducts(Tensor left, Tensor right, int[] bounds, Tensor target) {
        Shapes.products(left, right, bounds, target);
        kernels.gradients().addSquaredProducts(of(left), of(right), bounds, of(target));
    }

    @Override
    public void addColumnSquares(Tensor source, Tensor target) {
        Shapes.rowVector("addColumnSquares", source, target);
        kernels.columns().addColumnSquares(of(source), of(target));
    }

    private static RowKernels.Norm norm(Tensor input, Tensor weight, Tensor statistics) {
        return new RowKernels.Norm(of(input), of(weight), of(statistics));
    }
}
