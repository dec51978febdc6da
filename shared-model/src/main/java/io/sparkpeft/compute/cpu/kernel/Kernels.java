package io.sparkpeft.compute.cpu.kernel;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Entries;

/**
 * The loops of the cpu backend, over tensors whose shapes have been checked: once in the Vector API, once in plain Java
 * for JVMs without it. The meaning is that of the method of the same name in {@link io.sparkpeft.compute.Backend}.
 */
public interface Kernels {
    /** What these loops are, for the console. */
    String description();

    void fill(CpuTensor target, float value);

    void expand(CpuTensor packed, CpuTensor target);

    void add(float alpha, CpuTensor source, CpuTensor target);

    /** A row of the target += a row of the source. */
    void addRow(CpuTensor source, int row, CpuTensor target, int targetRow);

    /** A row of the target += the squares of a row of the source. */
    void addSquaredRow(CpuTensor source, int row, CpuTensor target, int targetRow);

    void fillRows(CpuTensor row, CpuTensor target);

    void addBias(CpuTensor bias, CpuTensor source, CpuTensor output);

    void sumRows(CpuTensor source, CpuTensor target);

    void addSquares(CpuTensor source, CpuTensor target);

    void addColumnSquares(CpuTensor source, CpuTensor target);

    /** Σ values², in double. */
    double sumOfSquares(float[] values);

    void addAll(CpuTensor source, float[] target, int offset);

    void activate(Activation activation, CpuTensor input, CpuTensor output);

    void activateForTraining(Activation activation, CpuTensor inputThenDerivative, CpuTensor output);

    void multiply(CpuTensor factor, CpuTensor target);

    void activateBackward(Activation activation, CpuTensor input, CpuTensor outputGradient, CpuTensor inputGradient);

    void gatedSilu(CpuTensor gate, CpuTensor up, CpuTensor output);

    void gatedSiluBackward(
            CpuTensor gate, CpuTensor up, CpuTensor outputGradient, CpuTensor gateGradient, CpuTensor upGradient);

    void dropout(Dropout dropout, CpuTensor target);

    void layerNorm(
            CpuTensor input, CpuTensor weight, CpuTensor bias, float epsilon, CpuTensor statistics, CpuTensor output);

    void layerNormBackward(
            CpuTensor input, CpuTensor weight, CpuTensor statistics, CpuTensor outputGradient, CpuTensor inputGradient);

    void rmsNorm(CpuTensor input, CpuTensor weight, float epsilon, CpuTensor statistics, CpuTensor output);

    void rmsNormBackward(
            CpuTensor input, CpuTensor weight, CpuTensor statistics, CpuTensor outputGradient, CpuTensor inputGradient);

    /** Writes the columns of the source into the rows of the panel, whose size is set; zeros up to its length. */
    void transpose(CpuTensor source, Panel panel);

    /**
     * Adds to target[offset + i] for every entry i = (row, c) of a row: the product of that row of {@code left} and row c
     * of {@code right}.
     */
    void addDots(Panel left, int row, Panel right, Entries entries, float[] target, int offset);

    /** Of layer normalisation (statistics of two columns) and of root-mean-square normalisation (one column). */
    void normWeightGradient(CpuTensor input, CpuTensor statistics, CpuTensor outputGradient, CpuTensor weightGradient);

    /**
     * Rotary embedding.
     *
     * @param table row p holds headSize/2 cosines, then headSize/2 sines of position p
     */
    void rope(CpuTensor target, int[] positions, int headSize, CpuTensor table, boolean inverse);

    void softmax(CpuTensor logits, CpuTensor output);

    /** As in the backend; {@code gradient} may be {@code logits}. */
    void crossEntropy(CpuTensor logits, int[] labels, float[] rowScale, float[] losses, CpuTensor gradient);

    void crossEntropy(CpuTensor logits, int[] labels, float[] losses);

    /** Scores become probabilities, in place, and are dropped where the dropout is active; what is not seen becomes 0. */
    void attentionSoftmax(ScoreBlock block);

    /**
     * Gradients of the probabilities after dropout become gradients of the unscaled scores, in place; what is not seen
     * becomes 0. Where the dropout is active the dropped probabilities are made again.
     */
    void attentionSoftmaxBackward(ScoreBlock block);
}
