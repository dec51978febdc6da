package io.sparkpeft.compute.profile;

import java.util.Locale;

/**
 * The kinds of work that a profile tells apart, and what each must at least do: floating-point operations and bytes
 * moved between memory and processor, every input read once and every output written once. A factor is for one element;
 * an elementary function (exp, tanh, erf, square root) counts as one operation. What an element is: an entry of the
 * output, or of the input where that is larger; an index for kernels that take indices of entries; an entry of the
 * k-vector for the work on it. {@link #GEMM} and attention have formulas of their own, below.
 */
public enum Kernel {
    ALLOCATE(0, 4),
    UPLOAD(0, 8),
    DOWNLOAD(0, 8),
    FILL(0, 4),
    COPY(0, 8),
    EXPAND(0, 6),
    ADD(2, 12),
    /** An element is one multiplication with its addition: m·n·k of them; see {@link #gemmBytes}. */
    GEMM(2, 0),
    FILL_ROWS(0, 4),
    ADD_BIAS(1, 8),
    SUM_ROWS(1, 4),
    ACTIVATE(9, 8),
    ACTIVATE_BACKWARD(15, 12),
    ACTIVATE_FOR_TRAINING(20, 12),
    MULTIPLY(1, 12),
    GATED_SILU(5, 12),
    GATED_SILU_BACKWARD(10, 20),
    DROPOUT(1, 8),
    LAYER_NORM(8, 8),
    LAYER_NORM_BACKWARD(12, 12),
    LAYER_NORM_WEIGHT_GRADIENT(4, 8),
    RMS_NORM(4, 8),
    RMS_NORM_BACKWARD(9, 12),
    RMS_NORM_WEIGHT_GRADIENT(3, 8),
    ROPE(3, 8),
    /**
     * An element is a visible pair of positions in one head: a softmax, and 2 products of headSize·2 operations where the
     * backend does not tell them apart.
     */
    ATTENTION(5, 4),
    /** As {@link #ATTENTION}, with 4 products. */
    ATTENTION_BACKWARD(5, 4),
    /** The products inside attention, forward and backward; an element is one multiplication with its addition. */
    ATTENTION_PRODUCTS(2, 0),
    GATHER_ROWS(0, 8),
    GATHER_COLUMNS(0, 8),
    ADD_GATHERED_ROWS(1, 12),
    SCATTER_ADD_ROWS(1, 12),
    CROSS_ENTROPY(5, 8),
    CROSS_ENTROPY_LOSS(4, 4),
    SOFTMAX(5, 8),
    ADD_GATHERED(1, 16),
    /** An element is one multiplication with its addition: as many as the tensors have rows, for each entry. */
    ADD_SAMPLED_PRODUCT(2, 0),
    ADD_ALL(1, 12),
    SCATTER(0, 12),
    ADD_SQUARES(2, 12),
    /** An element is one multiplication with its addition; squares and their sums come on top. */
    ADD_SQUARED_PRODUCTS(2, 0),
    ADD_SQUARED_ROWS(2, 12),
    ADD_COLUMN_SQUARES(2, 4),
    /** Adding the gradient of touched rows to the k-vector. */
    ADD_MASKED_ROWS(1, 16),
    NORM(2, 4),
    CLIP(1, 8),
    /** The optimiser's step: AdamW reads value, gradient and two moments and writes three of them. */
    OPTIMIZER(14, 28);

    private final int operations;
    private final int bytes;

    Kernel(int operations, int bytes) {
        this.operations = operations;
        this.bytes = bytes;
    }

    /** Floating-point operations of so many elements. */
    long operations(long elements) {
        return operations * elements;
    }

    /** Bytes that so many elements move. */
    long bytes(long elements) {
        return bytes * elements;
    }

    /** Bytes of a product of [m, k] and [k, n]: both read, the result written, and read where something is added. */
    static long gemmBytes(long m, long n, long k, boolean adds) {
        return Float.BYTES * (m * k + k * n + (adds ? 2 : 1) * m * n);
    }

    /** The name in tables: words with hyphens. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Kernel of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
