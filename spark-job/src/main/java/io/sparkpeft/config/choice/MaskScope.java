package io.sparkpeft.config.choice;

/** Among which weights scores are compared. */
public enum MaskScope {
    /** One threshold for all weights. */
    GLOBAL,
    /** The same density in every tensor. */
    PER_TENSOR,
    /** The same density in every output channel. */
    PER_ROW
}
