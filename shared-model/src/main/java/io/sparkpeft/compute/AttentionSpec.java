package io.sparkpeft.compute;

/**
 * Attention over packed, unpadded sequences. Sequence s has the rows {@code offsets[s]} to {@code offsets[s + 1]}, and
 * sees only itself. Scores are scaled by 1/√headSize.
 *
 * @param heads query heads
 * @param keyValueHeads key and value heads, a divisor of {@code heads}; query head h reads key head
 *     h·keyValueHeads/heads
 * @param headSize columns of one head
 * @param causal whether a position sees no later position
 * @param offsets first row of every sequence, and the number of rows at the end
 * @param dropout of the attention probabilities: entry (row of the query, head·65536 + position of the key in its
 *     sequence)
 */
public record AttentionSpec(
        int heads, int keyValueHeads, int headSize, boolean causal, int[] offsets, Dropout dropout) {
    public AttentionSpec {
        if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads != 0 || headSize < 1) {
            throw new IllegalArgumentException("Invalid attention: %d heads, %d key/value heads, head size %d"
                    .formatted(heads, keyValueHeads, headSize));
        }
    }

    public int sequences() {
        return offsets.length - 1;
    }

    /** Entries per head of the probabilities: the sum of squared sequence lengths. */
    public int probabilitiesPerHead() {
        long sum = 0;
        for (int s = 0; s < sequences(); s++) {
            long length = offsets[s + 1] - offsets[s];
            sum += length * length;
        }
        return Math.toIntExact(sum);
    }

    /** The column that names an attention probability to the dropout. */
    public static int dropoutColumn(int head, int keyPosition) {
        return (head << 16) + keyPosition;
    }
}
