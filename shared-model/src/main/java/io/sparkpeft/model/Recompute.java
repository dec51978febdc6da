package io.sparkpeft.model;

/**
 * What backward computes again instead of keeping what forward found (Korthikanti et al. 2022, arXiv 2205.05198): less
 * memory, more time, the same bits.
 */
public enum Recompute {
    /** Nothing. */
    NONE,
    /**
     * What takes much memory and little time: probabilities and result of attention, the feed-forward's activation, and
     * normalised inputs. No product of a linear layer is computed twice.
     */
    SELECTIVE,
    /** Every block but the last layer's, from its input: about a third more time. */
    FULL
}
