package io.sparkpeft.datasets.shard;

import io.sparkpeft.random.CounterRandom;
import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * The examples of one logical shard in memory, by column: example i has the tokens {@code offsets[i]} to
 * {@code offsets[i + 1]}. Sorted by ordinal.
 */
public final class TokenShard {
    private final int index;
    private final int[] tokens;
    private final int[] typeIds;
    private final int[] offsets;
    private final int[] labels;
    private final long[] ordinals;

    /**
     * Takes the arrays as they are.
     *
     * @param index of the shard in its split
     * @param typeIds as long as {@code tokens}, or empty where all are 0
     * @param offsets one more than examples
     * @param labels one per example, −1 for none
     * @param ordinals one per example, rising
     */
    public TokenShard(int index, int[] tokens, int[] typeIds, int[] offsets, int[] labels, long[] ordinals) {
        int examples = ordinals.length;
        if (labels.length != examples
                || offsets.length != examples + 1
                || offsets[examples] != tokens.length
                || (typeIds.length != 0 && typeIds.length != tokens.length)) {
            throw new IllegalArgumentException(
                    "Invalid shard %d: %d ordinals, %d labels, %d offsets, %d tokens, %d token types"
                            .formatted(index, examples, labels.length, offsets.length, tokens.length, typeIds.length));
        }
        this.index = index;
        this.tokens = tokens;
        this.typeIds = typeIds;
        this.offsets = offsets;
        this.labels = labels;
        this.ordinals = ordinals;
    }

    /**
     * Reads a shard that {@code PrepareShards} wrote.
     *
     * @param directory of the prepared data
     * @throws io.sparkpeft.datasets.DatasetException if it is missing or damaged
     */
    public static TokenShard read(Configuration configuration, URI directory, String split, int shard) {
        return ShardReader.read(configuration, ShardPaths.file(directory, split, shard), shard);
    }

    public int index() {
        return index;
    }

    public int examples() {
        return ordinals.length;
    }

    /** Tokens of all examples. */
    public int tokens() {
        return tokens.length;
    }

    /** Tokens of an example. */
    public int length(int example) {
        return offsets[example + 1] - offsets[example];
    }

    /** A copy of the tokens of an example. */
    public int[] tokens(int example) {
        return Arrays.copyOfRange(tokens, offsets[example], offsets[example + 1]);
    }

    /** A copy of the token types of an example. */
    public int[] typeIds(int example) {
        return typeIds.length == 0
                ? new int[length(example)]
                : Arrays.copyOfRange(typeIds, offsets[example], offsets[example + 1]);
    }

    /** Whether any token has a type other than 0. */
    public boolean isPaired() {
        return typeIds.length != 0;
    }

    /** The class of an example; −1 for none. */
    public int label(int example) {
        return labels[example];
    }

    /** Place of the example in its corpus, which neither shards nor executors change. */
    public long ordinal(int example) {
        return ordinals[example];
    }

    /** Copies the tokens of an example. */
    public void copyTokens(int example, int[] to, int at) {
        System.arraycopy(tokens, offsets[example], to, at, length(example));
    }

    /** Copies the token types of an example; {@link #isPaired} must hold. */
    public void copyTypeIds(int example, int[] to, int at) {
        System.arraycopy(typeIds, offsets[example], to, at, length(example));
    }

    /** The given examples as a shard, in the given order. */
    public TokenShard select(int[] examples) {
        int[] starts = new int[examples.length + 1];
        for (int i = 0; i < examples.length; i++) {
            starts[i + 1] = starts[i] + length(examples[i]);
        }
        int[] picked = new int[starts[examples.length]];
        int[] pickedTypes = new int[isPaired() ? picked.length : 0];
        for (int i = 0; i < examples.length; i++) {
            copyTokens(examples[i], picked, starts[i]);
            if (isPaired()) {
                copyTypeIds(examples[i], pickedTypes, starts[i]);
            }
        }
        int[] pickedLabels = Arrays.stream(examples).map(e -> labels[e]).toArray();
        long[] pickedOrdinals =
                Arrays.stream(examples).mapToLong(e -> ordinals[e]).toArray();
        return new TokenShard(index, picked, pickedTypes, starts, pickedLabels, pickedOrdinals);
    }

    /**
     * A seeded sample in ordinal order: the examples whose hash of (seed, ordinal) is lowest.
     *
     * @param count examples wanted; all where there are no more. {@link SplitSummary#quota} says how many of each shard
     *     make a sample of a split
     */
    public TokenShard sample(int count, long seed) {
        if (count >= examples()) {
            return this;
        }
        int[] picked = IntStream.range(0, examples())
                .boxed()
                .sorted(Comparator.comparingLong(e -> CounterRandom.mix(seed, ordinals[e])))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        return select(picked);
    }
}
