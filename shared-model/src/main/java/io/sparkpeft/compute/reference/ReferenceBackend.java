package io.sparkpeft.compute.reference;

import static io.sparkpeft.compute.reference.ReferenceTensor.of;

import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Shapes;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Entries;

/**
 * The definition of every kernel: plain loops in double precision on the heap. Slow; what other backends and hand-written
 * gradients are compared with.
 */
public final class ReferenceBackend extends ReferenceTensors {
    @Override
    public void add(float alpha, Tensor source, Tensor target) {
        Shapes.same("add", source, target);
        ReferenceLinear.add(alpha, of(source), of(target));
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, float alpha, Tensor a, Tensor b, float beta, Tensor c) {
        Shapes.gemm(transposeA, transposeB, a, b, c);
        ReferenceLinear.gemm(transposeA, transposeB, alpha, of(a), of(b), beta, of(c));
    }

    @Override
    public void fillRows(Tensor bias, Tensor target) {
        Shapes.rowVector("fillRows", target, bias);
        fill(target, 0f);
        ReferenceLinear.addBias(of(bias), of(target));
    }

    @Override
    public void addBias(Tensor bias, Tensor source, Tensor output) {
        Shapes.rowVector("addBias", source, bias);
        copy(source, output);
        ReferenceLinear.addBias(of(bias), of(output));
    }

    @Override
    public void sumRows(Tensor source, Tensor target) {
        Shapes.rowVector("sumRows", source, target);
        ReferenceLinear.sumRows(of(source), of(target));
    }

    @Override
    public void activate(Activation activation, Tensor input, Tensor output) {
        Shapes.same("activate", input, output);
        for (int r = 0; r < input.rows(); r++) {
            for (int c = 0; c < input.columns(); c++) {
                of(output)
                        .set(
                                r,
                                c,
                                ReferenceActivations.value(activation, of(input).get(r, c)));
            }
        }
    }

    @Override
    public void activateForTraining(Activation activation, Tensor inputThenDerivative, Tensor output) {
        Shapes.same("activateForTraining", inputThenDerivative, output);
        activate(activation, inputThenDerivative, output);
        ReferenceActivations.differentiate(activation, of(inputThenDerivative));
    }

    @Override
    public void multiply(Tensor factor, Tensor target) {
        Shapes.same("multiply", factor, target);
        ReferenceActivations.multiply(of(factor), of(target));
    }

    @Override
    public void activateBackward(Activation activation, Tensor input, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("activateBackward", input, outputGradient, inputGradient);
        for (int r = 0; r < input.rows(); r++) {
            for (int c = 0; c < input.columns(); c++) {
                double derivative =
                        ReferenceActivations.derivative(activation, of(input).get(r, c));
                of(inputGradient).set(r, c, derivative * of(outputGradient).get(r, c));
            }
        }
    }

    @Override
    public void gatedSilu(Tensor gate, Tensor up, Tensor output) {
        Shapes.same("gatedSilu", gate, up, output);
        for (int r = 0; r < gate.rows(); r++) {
            for (int c = 0; c < gate.columns(); c++) {
                double g = of(gate).get(r, c);
                of(output).set(r, c, g * ReferenceActivations.sigmoid(g) * of(up).get(r, c));
            }
        }
    }

    @Override
    public void gatedSiluBackward(
            Tensor gate, Tensor up, Tensor outputGradient, Tensor gateGradient, Tensor upGradient) {
        Shapes.same("gatedSiluBackward", gate, up, outputGradient, gateGradient, upGradient);
        for (int r = 0; r < gate.rows(); r++) {
            for (int c = 0; c < gate.columns(); c++) {
                double g = of(gate).get(r, c);
                double u = of(up).get(r, c);
                double gradient = of(outputGradient).get(r, c);
                of(gateGradient).set(r, c, gradient * u * ReferenceActivations.derivative(Activation.SILU, g));
                of(upGradient).set(r, c, gradient * g * ReferenceActivations.sigmoid(g));
            }
        }
    }

    @Override
    public void dropout(Dropout dropout, Tensor target) {
        if (!dropout.isActive()) {
            return;
        }
        Shapes.rowKeys("dropout", dropout, target);
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                of(target).set(r, c, of(target).get(r, c) * dropout.factor(r, c));
            }
        }
    }

    @Override
    public void layerNorm(Tensor input, Tensor weight, Tensor bias, float epsilon, Tensor statistics, Tensor output) {
        Shapes.same("layerNorm", input, output);
        Shapes.rowVector("layerNorm", input, weight, bias);
        Shapes.statistics("layerNorm", input, statistics, 2);
        ReferenceNorms.layerNorm(of(input), of(weight), of(bias), epsilon, of(statistics), of(output));
    }

    @Override
    public void layerNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("layerNormBackward", input, outputGradient, inputGradient);
        Shapes.rowVector("layerNormBackward", input, weight);
        Shapes.statistics("layerNormBackward", input, statistics, 2);
        ReferenceNorms.layerNormBackward(of(input), of(weight), of(statistics), of(outputGradient), of(inputGradient));
    }

    @Override
    public void layerNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        Shapes.same("layerNormWeightGradient", input, outputGradient);
        Shapes.rowVector("layerNormWeightGradient", input, weightGradient);
        Shapes.statistics("layerNormWeightGradient", input, statistics, 2);
        ReferenceNorms.weightGradient(of(input), of(statistics), of(outputGradient), of(weightGradient));
    }

    @Override
    public void rmsNorm(Tensor input, Tensor weight, float epsilon, Tensor statistics, Tensor output) {
        Shapes.same("rmsNorm", input, output);
        Shapes.rowVector("rmsNorm", input, weight);
        Shapes.statistics("rmsNorm", input, statistics, 1);
        ReferenceNorms.rmsNorm(of(input), of(weight), epsilon, of(statistics), of(output));
    }

    @Override
    public void rmsNormBackward(
            Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient) {
        Shapes.same("rmsNormBackward", input, outputGradient, inputGradient);
        Shapes.rowVector("rmsNormBackward", input, weight);
        Shapes.statistics("rmsNormBackward", input, statistics, 1);
        ReferenceNorms.rmsNormBackward(of(input), of(weight), of(statistics), of(outputGradient), of(inputGradient));
    }

    @Override
    public void rmsNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient) {
        Shapes.same("rmsNormWeightGradient", input, outputGradient);
        Shapes.rowVector("rmsNormWeightGradient", input, weightGradient);
        Shapes.statistics("rmsNormWeightGradient", input, statistics, 1);
        ReferenceNorms.weightGradient(of(input), of(statistics), of(outputGradient), of(weightGradient));
    }

    @Override
    public void rope(Tensor target, int[] positions, int headSize, float theta, boolean inverse) {
        Shapes.rope(target, positions, headSize);
        ReferenceRope.rotate(of(target), positions, headSize, theta, inverse);
    }

    @Override
    public void attention(AttentionSpec spec, QueryKeyValue input, Tensor probabilities, Tensor output) {
        Shapes.attention("attention", spec, input, probabilities, output);
        new ReferenceAttention(spec, input, of(probabilities)).forward(of(output));
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
        new ReferenceAttention(spec, input, of(probabilities)).backward(of(outputGradient), gradients);
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] rowScale, float[] losses, Tensor gradient) {
        Shapes.same("crossEntropy", logits, gradient);
        Shapes.count("crossEntropy", "row scales", rowScale.length, logits.rows());
        crossEntropy(logits, labels, losses);
        ReferenceLoss.gradient(of(logits), labels, rowScale, of(gradient));
    }

    @Override
    public void crossEntropy(Tensor logits, int[] labels, float[] losses) {
        Shapes.labels("crossEntropy", labels, logits);
        Shapes.count("crossEntropy", "losses", losses.length, logits.rows());
        ReferenceLoss.losses(of(logits), labels, losses);
    }

    @Override
    public void softmax(Tensor logits, Tensor output) {
        Shapes.same("softmax", logits, output);
        ReferenceLoss.softmax(of(logits), of(output));
    }

    @Override
    public void addSampledProduct(Tensor left, Tensor right, Entries entries, float[] target, int offset) {
        Shapes.sampled(left, right, entries, target.length - offset);
        ReferenceLinear.addSampledProduct(of(left), of(right), entries, target, offset);
    }

    @Override
    public void addSquares(Tensor source, Tensor target) {
        Shapes.same("addSquares", source, target);
        ReferenceIndexing.addSquares(of(source), of(target));
    }

    @Override
    public void addSquaredProducts(Tensor left, Tensor right, int[] bounds, Tensor target) {
        Shapes.products(left, right, bounds, target);
        ReferenceLinear.addSquaredProducts(of(left), of(right), bounds, of(target));
    }

    @Override
    public void addColumnSquares(Tensor source, Tensor target) {
        Shapes.rowVector("addColumnSquares", source, target);
        ReferenceIndexing.addColumnSquares(of(source), of(target));
    }

    @Override
    public void close() {
        // Its memory is the heap's.
    }
}
