package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Kernels;
import io.sparkpeft.compute.cpu.kernel.Panel;
import io.sparkpeft.compute.cpu.kernel.ScoreBlock;
import io.sparkpeft.compute.cpu.plain.PlainKernels;
import io.sparkpeft.compute.cpu.vector.activation.VectorActivationGradients;
import io.sparkpeft.compute.cpu.vector.activation.VectorActivations;
import io.sparkpeft.compute.cpu.vector.activation.VectorGates;
import io.sparkpeft.compute.cpu.vector.activation.VectorTrainingActivations;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;

/** The loops in the JDK's Vector API. Loading this class fails where the module jdk.incubator.vector is absent. */
public final class VectorKernels implements Kernels {
    /** For what is too small to be compiled soon: until a loop of vectors is compiled, every vector is an object. */
    private static final Kernels PLAIN = new PlainKernels();

    /** Entries up to which the function of classifiers' poolers, a row for each sequence, is left to plain loops. */
    private static final int FEW = 1 << 13;

    @Override
    public String description() {
        return "vectors of %d bits".formatted(Lanes.SPECIES.vectorBitSize());
    }

    @Override
    public void fill(CpuTensor target, float value) {
        VectorSums.fill(target, value);
    }

    @Override
    public void expand(CpuTensor packed, CpuTensor target) {
        VectorHalves.expand(packed, target);
    }

    @Override
    public void add(float alpha, CpuTensor source, CpuTensor target) {
        VectorSums.add(alpha, source, target);
    }

    @Override
    public void addRow(CpuTensor source, int row, CpuTensor target, int targetRow) {
        VectorSums.addRow(
                1f, source.memory(), source.start(row), target.memory(), target.start(targetRow), source.columns());
    }

    @Override
    public void addSquaredRow(CpuTensor source, int row, CpuTensor target, int targetRow) {
        VectorSums.addSquares(
                source.memory(), source.start(row), target.memory(), target.start(targetRow), source.columns());
    }

    @Override
    public void fillRows(CpuTensor row, CpuTensor target) {
        VectorSums.fillRows(row, target);
    }

    @Override
    public void addBias(CpuTensor bias, CpuTensor source, CpuTensor output) {
        VectorSums.addBias(bias, source, output);
    }

    @Override
    public void sumRows(CpuTensor source, CpuTensor target) {
        VectorSums.sumRows(source, target);
    }

    @Override
    public void addSquares(CpuTensor source, CpuTensor target) {
        VectorSums.addSquares(source, target);
    }

    @Override
    public void addColumnSquares(CpuTensor source, CpuTensor target) {
        VectorSums.addColumnSquares(source, target);
    }

    @Override
    public double sumOfSquares(float[] values) {
        return VectorSquares.sum(values);
    }

    @Override
    public void addAll(CpuTensor source, float[] target, int offset) {
        VectorSums.addAll(source, target, offset);
    }

    @Override
    public void activate(Activation activation, CpuTensor input, CpuTensor output) {
        if (isFew(activation, input)) {
            PLAIN.activate(activation, input, output);
        } else {
            VectorActivations.run(activation, input, output);
        }
    }

    @Override
    public void activateForTraining(Activation activation, CpuTensor inputThenDerivative, CpuTensor output) {
        if (isFew(activation, inputThenDerivative)) {
            PLAIN.activateForTraining(activation, inputThenDerivative, output);
        } else {
            VectorTrainingActivations.run(activation, inputThenDerivative, output);
        }
    }

    @Override
    public void multiply(CpuTensor factor, CpuTensor target) {
        VectorSums.multiply(factor, target);
    }

    @Override
    public void transpose(CpuTensor source, Panel panel) {
        VectorTranspose.run(source, panel);
    }

    @Override
    public void addDots(Panel left, int row, Panel right, Entries entries, float[] target, int offset) {
        VectorDots.add(left, row, right, entries, target, offset);
    }

    @Override
    public void activateBackward(
            Activation activation, CpuTensor input, CpuTensor outputGradient, CpuTensor inputGradient) {
        if (isFew(activation, input)) {
            PLAIN.activateBackward(activation, input, outputGradient, inputGradient);
        } else {
            VectorActivationGradients.run(activation, input, outputGradient, inputGradient);
        }
    }

    @Override
    public void gatedSilu(CpuTensor gate, CpuTensor up, CpuTensor output) {
        VectorGates.forward(gate, up, output);
    }

    @Override
    public void gatedSiluBackward(
            CpuTensor gate, CpuTensor up, CpuTensor outputGradient, CpuTensor gateGradient, CpuTensor upGradient) {
        VectorGates.backward(gate, up, outputGradient, gateGradient, upGradient);
    }

    @Override
    public void dropout(Dropout dropout, CpuTensor target) {
        VectorDropout.run(dropout, target);
    }

    @Override
    public void layerNorm(
            CpuTensor input, CpuTensor weight, CpuTensor bias, float epsilon, CpuTensor statistics, CpuTensor output) {
        VectorNorms.layerNorm(input, weight, bias, epsilon, statistics, output);
    }

    @Override
    public void layerNormBackward(
            CpuTensor input,
            CpuTensor weight,
            CpuTensor statistics,
            CpuTensor outputGradient,
            CpuTensor inputGradient) {
        new VectorNormGradients(input, weight, outputGradient, inputGradient).layerNorm(statistics);
    }

    @Override
    public void rmsNorm(CpuTensor input, CpuTensor weight, float epsilon, CpuTensor statistics, CpuTensor output) {
        VectorNorms.rmsNorm(input, weight, epsilon, statistics, output);
    }

    @Override
    public void rmsNormBackward(
            CpuTensor input,
            CpuTensor weight,
            CpuTensor statistics,
            CpuTensor outputGradient,
            CpuTensor inputGradient) {
        new VectorNormGradients(input, weight, outputGradient, inputGradient).rmsNorm(statistics);
    }

    @Override
    public void normWeightGradient(
            CpuTensor input, CpuTensor statistics, CpuTensor outputGradient, CpuTensor weightGradient) {
        VectorNormGradients.weight(input, statistics, outputGradient, weightGradient);
    }

    @Override
    public void rope(CpuTensor target, int[] positions, int headSize, CpuTensor table, boolean inverse) {
        VectorRope.rotate(target, positions, headSize, table, inverse);
    }

    @Override
    public void softmax(CpuTensor logits, CpuTensor output) {
        if (isShort(logits)) {
            PLAIN.softmax(logits, output);
        } else {
            VectorSoftmax.softmax(logits, output);
        }
    }

    @Override
    public void crossEntropy(CpuTensor logits, int[] labels, float[] rowScale, float[] losses, CpuTensor gradient) {
        if (isShort(logits)) {
            PLAIN.crossEntropy(logits, labels, rowScale, losses, gradient);
        } else {
            VectorSoftmax.crossEntropy(logits, labels, rowScale, losses, gradient);
        }
    }

    @Override
    public void crossEntropy(CpuTensor logits, int[] labels, float[] losses) {
        if (isShort(logits)) {
            PLAIN.crossEntropy(logits, labels, losses);
        } else {
            VectorSoftmax.losses(logits, labels, losses);
        }
    }

    @Override
    public void attentionSoftmax(ScoreBlock block) {
        VectorAttention.forward(block);
    }

    @Override
    public void attentionSoftmaxBackward(ScoreBlock block) {
        VectorAttention.backward(block);
    }

    private static boolean isFew(Activation activation, CpuTensor input) {
        return activation == Activation.TANH && input.size() <= FEW;
    }

    /** Whether a row does not fill one vector: the few classes of a classifier, which plain loops do as fast. */
    private static boolean isShort(CpuTensor logits) {
        return logits.columns() < Lanes.COUNT;
    }
}
