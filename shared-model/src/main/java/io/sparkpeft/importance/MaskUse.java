package io.sparkpeft.importance;

/** What a mask is for. */
public enum MaskUse {
    /** Choosing the weights that stay: the score is the loss from setting a weight to 0. */
    PRUNE,
    /** Choosing the weights to tune: the score is the gain from changing a weight. */
    UPDATE
}
