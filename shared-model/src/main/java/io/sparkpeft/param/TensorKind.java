package io.sparkpeft.param;

/** How a tensor is used, which says what its rows and columns mean. */
public enum TensorKind {
    /** A linear layer stored {@code [outputs, inputs]}, as torch's {@code nn.Linear} does. */
    LINEAR,
    /** A linear layer stored {@code [inputs, outputs]}, as GPT-2's {@code Conv1D} does. */
    CONV1D,
    /** A lookup table: one row per token, position or token type. */
    EMBEDDING,
    /** A bias or a normalisation weight: one dimension. */
    VECTOR;

    public boolean isMatrix() {
        return this != VECTOR;
    }
}
