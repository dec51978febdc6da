package io.sparkpeft.compute.argument;

/**
 * Attention over packed, unpadded sequences. Sequence s has the key rows {@code offsets[s]} to {@code offsets[s + 1]},
 * and sees only itself. Scores are scaled by 1/√headSize.
 *
 * @param heads query heads
 * @param keyValueHeads key and value heads, a divisor of {@code heads}; query head h reads key head
 *     h·keyValueHeads/heads
 * @param headSize columns of one head
 * @param causal whether a position sees no later position
 * @param offsets first key row of every sequence, and the number of rows at the end
 * @param queries the rows of query and output
 * @param dropout of the attention probabilities: entry (row of the query, head·65536 + position of the key in its
 *     sequence)
 */
public record AttentionSpec(
        int heads, int keyValueHeads, int headSize, boolean causal, int[] offsets, Queries queries, Dropout dropout) {
    public AttentionSpec {
        if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads != 0 || headSize < 1) {
            throw new IllegalArgumentException("Invalid attention: %d heads, %d key/value heads, head size %d"
                    .formatted(heads, keyValueHeads, headSize));
        }
        if (queries.offsets().length != offsets.length) {
            throw new IllegalArgumentException("Invalid attention: queries of %d sequences, keys of %d"
                    .formatted(queries.offsets().length - 1, offsets.length - 1));
        }
    }

    /** Every position asks. */
    public AttentionSpec(int heads, int keyValueHeads, int headSize, boolean causal, int[] offsets, Dropout dropout) {
        this(heads, keyValueHeads, headSize, causal, offsets, Queries.all(offsets), dropout);
    }

    public int sequences() {
        return offsets.length - 1;
    }

    /** Keys of a sequence. */
    public int length(int sequence) {
        return offsets[sequence + 1] - offsets[sequence];
    }

    /** Queries of a sequence. */
    public int queries(int sequence) {
        return queries.offsets()[sequence + 1] - queries.offsets()[sequence];
    }

    /** Keys that a query row of a sequence sees. */
    public int visible(int sequence, int row) {
        return causal ? queries.positions()[row] + 1 : length(sequence);
    }

    /** Entries per head of the probabilities: the sum over sequences of queries times keys. */
    public int probabilitiesPerHead() {
        long sum = 0;
        for (int s = 0; s < sequences(); s++) {
            sum += (long) queries(s) * length(s);
        }
        return Math.toIntExact(sum);
    }

    /** The column that names an attention probability to the dropout. */
    public static int dropoutColumn(int head, int keyPosition) {
        return (head << 16) + keyPosition;
    }
}
