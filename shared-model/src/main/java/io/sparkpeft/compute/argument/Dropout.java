package io.sparkpeft.compute.argument;

import io.sparkpeft.random.CounterRandom;

/**
 * Inverted dropout whose bits depend only on what is dropped: entry (row, column) survives iff
 * {@link CounterRandom#uniform}(rowKeys[row], site, column) ≥ probability. Neither threads nor the packing of sequences
 * into a batch change it, and backward makes the same mask again instead of storing it.
 *
 * @param probability share of entries set to 0; the others are scaled by 1/(1 − probability)
 * @param site which dropout of the network this is
 * @param rowKeys one key per row of the tensor, made from seed, step, example and position
 */
public record Dropout(float probability, int site, long[] rowKeys) {
    public static final Dropout NONE = new Dropout(0f, 0, new long[0]);

    public Dropout {
        if (!(probability >= 0f && probability < 1f)) {
            throw new IllegalArgumentException("Invalid dropout probability: " + probability);
        }
    }

    public boolean isActive() {
        return probability > 0f;
    }

    /** What the entry is multiplied by: 0 or 1/(1 − probability). */
    public float factor(int row, int column) {
        return CounterRandom.uniform(rowKeys[row], site, column) >= probability ? 1f / (1f - probability) : 0f;
    }
}
