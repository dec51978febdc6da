package io.sparkpeft.compute.nd4j;

import static io.sparkpeft.compute.nd4j.Nd4jTensor.of;

import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Shapes;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Entries;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every kernel by ND4J's own operations, mostly in double precision: slower than the cpu backend, written to be right,
 * and on whatever device ND4J runs. ND4J's OpenBLAS is set to one thread.
 */
public final class Nd4jBackend extends Nd4jTensors {
    public Nd4jBackend() {
        // Loading ND4J sets the threads of OpenBLAS, so this comes after.
        Nd4j.getBackend();
        openblas_nolapack.blas_set_num_threads(1);
    }

    @Override
    public void add(float alpha, Tensor source, Tensor target) {
        Shapes.same("add", source, target);
        Nd4jLinear.add(alpha, of(source), of(target));
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, float alpha, Tensor a, Tensor b, float beta, Tensor c) {
        Shapes.gemm(transposeA, transposeB, a, b, c);
        Nd4jLinear.gemm(transposeA, transposeB, alpha, of(a), of(b), beta, of(c));
    }

    @Override
    public void fillRows(Tensor bias, Tensor target) {
        Shapes.rowVector("fillRows", target, bias);
        Nd4jTransfers.fill(of(target), 0f);
        Nd4jLinear.addBias(of(bias), of(target));
    }

    @Override
    public void addBias(Tensor bias, Tensor source, Tensor output) {
        Shapes.same("addBias", source, output);
        Shapes.rowVector("addBias", source, bias);
        Nd4jTransfers.copy(of(source), of(output));
        Nd4jLinear.addBias(of(bias), of(output));
    }

    @Override
    public void sumRows(Tensor source, Tensor target) {
        Shapes.rowVector("sumRows", source, target);
        Nd4jLinear.sumRows(of(source), of(target));
    }

    @Override
    public void activate(Activation activation, Tensor input, Tensor output) {
        Shapes.same("activate", input, output);
        Nd4jActivations.activate(activation, of(input), of(output));
    }

    @Override
    public void activateForTraining(Activation activation, Tensor inputThenDerivative, Tensor output) {
        Shapes.same("activateForTraining", inputThenDerivative, output);
        Nd4jActivations.activate(activation, of(inputThenDerivative), of(output));
        Nd4jActivations.differentiate(activation, of(inputThenDerivative));
    }

    @Override
    public void multiply(Tensor factor, Tensor target) {
        Shapes.same("multiply", factor, target);
        Nd4jActivations.multiply(of(factor), of(target));
    }

    @Override
    public void activateBackward(Activation activation, Tensor input, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("activateBackward", input, outputGradient, inputGradient);
        Nd4jActivations.activateBackward(activation, of(input), of(outputGradient), of(inputGradient));
    }

    @Override
    public void gatedSilu(Tensor gate, Tensor up, Tensor output) {
        Shapes.same("gatedSilu", gate, up, output);
        Nd4jActivations.gatedSilu(of(gate), of(up), of(output));
    }

    @Override
    public void gatedSiluBackward(
            Tensor gate, Tensor up, Tensor outputGradient, Tensor gateGradient, Tensor upGradient) {
        Shapes.same("gatedSiluBackward", gate, up, outputGradient, gateGradient, upGradient);
        Nd4jActivations.gatedSiluBackward(of(gate), of(up), of(outputGradient), of(gateGradient), of(upGradient));
    }

    @Override
    public void dropout(Dropout dropout, Tensor target) {
        if (dropout.isActive()) {
            Shapes.rowKeys("dropout", dropout, target);
            Nd4jActivations.dropout(dropout, of(target));
        }
    }

    @Override
    public void layerNorm(Tensor input, Tensor weight, Tensor bias, float epsilon, Tensor statistics, Tensor output) {
        Shapes.same("layerNorm", input, output);
        Shapes.rowVector("layerNorm", input, weight, bias);
        Shapes.statistics("layerNorm", input, statistics, 2);
        Nd4jNorms.layerNorm(of(input), of(weight), of(bias), epsilon, of(statistics), of(output));
    }

    @Override
    public void layerNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("layerNormBackward", input, outputGradient, inputGradient);
        Shapes.rowVector("layerNormBackward", input, weight);
        Shapes.statistics("layerNormBackward", input, statistics, 2);
        Nd4jNorms.backward(of(input), of(weight), of(statistics), of(outputGradient), of(inputGradient));
    }

    @Override
    public void layerNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        Shapes.same("layerNormWeightGradient", input, outputGradient);
        Shapes.rowVector("layerNormWeightGradient", input, weightGradient);
        Shapes.statistics("layerNormWeightGradient", input, statistics, 2);
        Nd4jNorms.weightGradient(of(input), of(statistics), of(outputGradient), of(weightGradient));
    }

    @Override
    public void rmsNorm(Tensor input, Tensor weight, float epsilon, Tensor statistics, Tensor output) {
        Shapes.same("rmsNorm", input, output);
        Shapes.rowVector("rmsNorm", input, weight);
        Shapes.statistics("rmsNorm", input, statistics, 1);
        Nd4jNorms.rmsNorm(of(input), of(weight), epsilon, of(statistics), of(output));
    }

    @Override
    public void rmsNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("rmsNormBackward", input, outputGradient, inputGradient);
        Shapes.rowVector("rmsNormBackward", input, weight);
        Shapes.statistics("rmsNormBackward", input, statistics, 1);
        Nd4jNorms.backward(of(input), of(weight), of(statistics), of(outputGradient), of(inputGradient));
    }

    @Override
    public void rmsNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        Shapes.same("rmsNormWeightGradient", input, outputGradient);
        Shapes.rowVector("rmsNormWeightGradient", input, weightGradient);
        Shapes.statistics("rmsNormWeightGradient", input, statistics, 1);
        Nd4jNorms.weightGradient(of(input), of(statistics), of(outputGradient), of(weightGradient));
    }

    @Override
    public void rope(Tensor target, int[] positions, int headSize, float theta, boolean inverse) {
        Shapes.rope(target, positions, headSize);
        Nd4jRope.rotate(of(target), positions, headSize, theta, inverse);
    }

    @Override
    public void attention(AttentionSpec spec, QueryKeyValue input, Tensor probabilities, Tensor output) {
        Shapes.attention("attention", spec, input, probabilities, output);
        new Nd4jAttention(spec, of(probabilities)).forward(input, of(output));
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
        new Nd4jAttention(spec, of(probabilities)).backward(input, of(outputGradient), gradients);
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] rowScale, float[] losses, Tensor gradient) {
        Shapes.same("crossEntropy", logits, gradient);
        Shapes.count("crossEntropy", "row scales", rowScale.length, logits.rows());
        Shapes.labels("crossEntropy", labels, logits);
        Shapes.count("crossEntropy", "losses", losses.length, logits.rows());
        Nd4jLoss.losses(of(logits), labels, losses);
        Nd4jLoss.gradient(of(logits), labels, rowScale, of(gradient));
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] losses) {
        Shapes.labels("crossEntropy", labels, logits);
        Shapes.count("crossEntropy", "losses", losses.length, logits.rows());
        Nd4jLoss.losses(of(logits), labels, losses);
    }

    @Override
    public void softmax(Tensor logits, Tensor output) {
        Shapes.same("softmax", logits, output);
        Nd4jLoss.softmax(of(logits), of(output));
    }

    @Override
    public void addSampledProduct(Tensor left, Tensor right, Entries entries, float[] target, int offset) {
        Shapes.sampled(left, right, entries, target.length - offset);
        Nd4jLinear.addSampledProduct(of(left), of(right), entries, target, offset);
    }

    @Override
    public void addSquares(Tensor source, Tensor target) {
        Shapes.same("addSquares", source, target);
        Nd4jLinear.addSquares(of(source), of(target));
    }

    @Override
    public void addSquaredProducts(Tensor left, Tensor right, int[] bounds, Tensor target) {
        Shapes.products(left, right, bounds, target);
        Nd4jLinear.addSquaredProducts(of(left), of(right), bounds, of(target));
    }

    @Override
    public void addColumnSquares(Tensor source, Tensor target) {
        Shapes.rowVector("addColumnSquares", source, target);
        Nd4jLinear.addColumnSquares(of(source), of(target));
    }
}
