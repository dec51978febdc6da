package io.sparkpeft.compute;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Entries;
import java.util.OptionalLong;

/**
 * The narrow waist between models and hardware: a few dozen kernels on opaque matrices. The model code is written once
 * against this interface. Rules for all kernels:
 *
 * <ul>
 *   <li>Outputs are explicit parameters and are overwritten unless the text says "adds to".
 *   <li>No kernel allocates tensors; scratch memory belongs to the backend and is kept.
 *   <li>Tensors of one call do not overlap unless the text allows the output to be the input.
 *   <li>Shapes must agree; an {@link IllegalArgumentException} names the kernel and the shapes where they do not.
 *   <li>The same call on the same backend gives the same bits, whatever else runs.
 * </ul>
 *
 * A backend serves one thread at a time. Implementations are found through {@link java.util.ServiceLoader} by
 * {@link BackendProvider}.
 */
public interface Backend extends AutoCloseable {

    // Memory

    /** Bytes of its device's memory that the backends of this process hold now; empty where that is ordinary memory. */
    default OptionalLong deviceBytes() {
        return OptionalLong.empty();
    }

    /** A new matrix of zeros, which lives until the backend is closed or {@link #free} is called. */
    Tensor allocate(int rows, int columns);

    /** Gives memory made by {@link #allocate} back; views of it are invalid afterwards. */
    void free(Tensor tensor);

    /**
     * A view for reading of a tensor that another backend of the same kind allocated, so that backends of several threads
     * share one copy. The lender's tensor must outlive it, and nobody may write to it meanwhile; kernels of the cpu,
     * the cuda and the reference backend refuse to. {@link #free} gives back the view alone.
     */
    Tensor borrow(Tensor lent);

    /** A dense matrix view of {@code rows·columns} entries from {@code offset} on of a dense tensor (no row gaps). */
    Tensor reshape(Tensor base, int offset, int rows, int columns);

    /** A view of {@code count} rows. */
    Tensor rows(Tensor base, int from, int count);

    /** A view of {@code count} columns. */
    Tensor columns(Tensor base, int from, int count);

    /** Copies {@code target.size()} values, row-major, from ordinary memory. */
    void upload(float[] source, int offset, Tensor target);

    /** Copies {@code source.size()} values, row-major, into ordinary memory. */
    void download(Tensor source, float[] target, int offset);

    void fill(Tensor target, float value);

    void copy(Tensor source, Tensor target);

    /** target += alpha·source. */
    void add(float alpha, Tensor source, Tensor target);

    /** target [rows, columns] = the values that {@link Halves} packed, [rows, ⌈columns/2⌉]. */
    void expand(Tensor packed, Tensor target);

    // Linear layers

    /** c = alpha·op(a)·op(b) + beta·c, op being the transpose where the flag says so; c is not read if beta is 0. */
    void gemm(boolean transposeA, boolean transposeB, float alpha, Tensor a, Tensor b, float beta, Tensor c);

    /** Every row of the target becomes the row {@code bias} [1, columns]: what a product with beta = 1 is added to. */
    void fillRows(Tensor bias, Tensor target);

    /** output = source + the row {@code bias} [1, columns], row by row; the output may be the source. */
    void addBias(Tensor bias, Tensor source, Tensor output);

    /** target [1, columns] = sum of the rows of the source: the gradient of a bias. */
    void sumRows(Tensor source, Tensor target);

    // Element-wise functions

    /** output = f(input); the output may be the input. */
    void activate(Activation activation, Tensor input, Tensor output);

    /**
     * Value and derivative at once, which share most of their work: output = f(input), then f'(input) in place of the
     * input. Backward is then {@link #multiply}.
     */
    void activateForTraining(Activation activation, Tensor inputThenDerivative, Tensor output);

    /** target = factor·target, entry by entry. */
    void multiply(Tensor factor, Tensor target);

    /** inputGradient = f'(input)·outputGradient; the input gradient may be the output gradient. */
    void activateBackward(Activation activation, Tensor input, Tensor outputGradient, Tensor inputGradient);

    /** output = silu(gate)·up, the SwiGLU product; the output may be one of the inputs. */
    void gatedSilu(Tensor gate, Tensor up, Tensor output);

    /** Gradients of {@link #gatedSilu}; the output gradient may be one of the two results. */
    void gatedSiluBackward(Tensor gate, Tensor up, Tensor outputGradient, Tensor gateGradient, Tensor upGradient);

    /** Multiplies every entry by {@link Dropout#factor}; forward and backward are the same. In place. */
    void dropout(Dropout dropout, Tensor target);

    // Normalisation

    /**
     * output = (x − mean)/√(variance + epsilon)·weight + bias, row by row, with the biased variance.
     *
     * @param statistics [rows, 2], written: mean and 1/√(variance + epsilon)
     */
    void layerNorm(Tensor input, Tensor weight, Tensor bias, float epsilon, Tensor statistics, Tensor output);

    /** Input gradient of {@link #layerNorm}. */
    void layerNormBackward(Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient);

    /** weightGradient [1, columns] = Σ_rows outputGradient·(x − mean)·rstd; the bias gradient is {@link #sumRows}. */
    void layerNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient);

    /**
     * output = x/√(mean(x²) + epsilon)·weight, row by row.
     *
     * @param statistics [rows, 1], written: 1/√(mean(x²) + epsilon)
     */
    void rmsNorm(Tensor input, Tensor weight, float epsilon, Tensor statistics, Tensor output);

    /** Input gradient of {@link #rmsNorm}. */
    void rmsNormBackward(Tensor input, Tensor weight, Tensor statistics, Tensor outputGradient, Tensor inputGradient);

    /** weightGradient [1, columns] = Σ_rows outputGradient·x·rstd. */
    void rmsNormWeightGradient(Tensor input, Tensor statistics, Tensor outputGradient, Tensor weightGradient);

    // Attention

    /**
     * Rotary position embedding in place, rotate-half layout: with angle = position·theta^(−2i/headSize), the pair
     * (x_i, x_{i + headSize/2}) of every head turns by the angle.
     *
     * @param positions position of every row in its sequence
     * @param inverse turns by the negative angle, which is the backward pass
     */
    void rope(Tensor target, int[] positions, int headSize, float theta, boolean inverse);

    /**
     * softmax(Q·Kᵀ/√headSize)·V per sequence and head, dropout applied to the probabilities.
     *
     * @param probabilities [heads, {@link AttentionSpec#probabilitiesPerHead}], written: the softmax before dropout;
     *     sequence after sequence, each a length×length matrix; masked entries are 0
     */
    void attention(AttentionSpec spec, QueryKeyValue input, Tensor probabilities, Tensor output);

    /** Gradients of {@link #attention}. */
    void attentionBackward(
            AttentionSpec spec,
            QueryKeyValue input,
            Tensor probabilities,
            Tensor outputGradient,
            QueryKeyValue gradients);

    // Rows by index: one id for each row; what an array holds behind these is not read

    /** output[r] = table[ids[r]]. */
    void gatherRows(Tensor table, int[] ids, Tensor output);

    /** output[r][c] = source[r][ids[c]]. */
    void gatherColumns(Tensor source, int[] ids, Tensor output);

    /** output[r] += table[ids[r]]. */
    void addGatheredRows(Tensor table, int[] ids, Tensor output);

    /** Adds source[r] to table[ids[r]], in the order of r; ids may repeat. */
    void scatterAddRows(Tensor source, int[] ids, Tensor table);

    // Loss

    /**
     * Cross-entropy with its gradient in one pass. Rows with label −1 have loss 0 and gradient 0.
     *
     * @param losses written: −log softmax(logits[r])[labels[r]] per row
     * @param rowScale factor of each row's gradient
     * @param gradient written: rowScale[r]·(softmax(logits[r]) − onehot(labels[r])); may be {@code logits}
     */
    void crossEntropy(Tensor logits, int[] labels, float[] rowScale, float[] losses, Tensor gradient);

    /** Cross-entropy alone: {@code losses[r]}, 0 where the label is −1. */
    void crossEntropy(Tensor logits, int[] labels, float[] losses);

    /** Softmax of every row; the output may be the input. */
    void softmax(Tensor logits, Tensor output);

    // Masks and importance

    /** The vectors of masks, where this backend keeps them. */
    default MaskVectors vectors() {
        return new HeapVectors(this);
    }

    /**
     * Adds the entries at row-major {@code indices} of a tensor to {@code target} from {@code offset} on. The indices are
     * a mask's and are never changed: a backend may keep a copy of them.
     */
    void addGathered(Tensor source, int[] indices, float[] target, int offset);

    /** Adds all entries, row-major, to {@code target} from {@code offset} on. */
    void addAll(Tensor source, float[] target, int offset);

    /**
     * Adds the chosen entries of leftᵀ·right to {@code target} from {@code offset} on: entry (r, c) is the product of
     * column r of the left and column c of the right matrix. The rest of the product is never computed, so that a weight
     * gradient of which one in a hundred entries is wanted costs little more than a hundredth.
     *
     * @param left [n, rows of the entries' matrix]
     * @param right [n, columns of the entries' matrix]
     */
    void addSampledProduct(Tensor left, Tensor right, Entries entries, float[] target, int offset);

    /** target[indices[i]] = values[offset + i], for indices of a mask; every other entry keeps its bits. */
    void scatter(float[] values, int offset, int[] indices, Tensor target);

    /**
     * √(Σ values²) of ordinary memory, summed in double: the norm of a gradient. Not finite where an entry is not, finite
     * where all are.
     */
    double norm(float[] values);

    /** target += source². */
    void addSquares(Tensor source, Tensor target);

    /**
     * target += Σ_s (left_sᵀ·right_s)², entry by entry: the squares of every example's weight gradient.
     *
     * @param left [rows, rows of the target]
     * @param right [rows, columns of the target]
     * @param bounds first row of every example s, and the number of rows at the end
     */
    void addSquaredProducts(Tensor left, Tensor right, int[] bounds, Tensor target);

    /** target[ids[r]] += source[r]², the ids being distinct; there may be more ids than rows. */
    void addSquaredRows(Tensor source, int[] ids, Tensor target);

    /** target [1, columns] += Σ_rows source². */
    void addColumnSquares(Tensor source, Tensor target);

    @Override
    void close();
}
