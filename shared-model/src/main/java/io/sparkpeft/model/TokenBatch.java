package io.sparkpeft.model;

import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Token sequences packed one after the other without padding. Sequence s has the rows {@code offsets[s]} to
 * {@code offsets[s + 1]}.
 *
 * @param objective what the labels mean
 * @param tokens token of every row
 * @param typeIds token type of every row; empty means all 0
 * @param offsets first row of every sequence, and the number of rows at the end
 * @param labels for classification one class per sequence; for a language model the token to predict at every row (for
 *     a causal model the next token: already shifted), −1 where none is
 * @param exampleKeys one key per sequence for dropout, made from seed, step and example; empty where no dropout is
 *     wanted
 */
public record TokenBatch(
        Objective objective, int[] tokens, int[] typeIds, int[] offsets, int[] labels, long[] exampleKeys)
        implements Batch {

    public TokenBatch {
        int expected = objective == Objective.SEQUENCE_CLASSIFICATION ? offsets.length - 1 : tokens.length;
        if (offsets[offsets.length - 1] != tokens.length
                || labels.length != expected
                || (typeIds.length != 0 && typeIds.length != tokens.length)
                || (exampleKeys.length != 0 && exampleKeys.length != offsets.length - 1)) {
            throw new IllegalArgumentException(
                    "Invalid batch: %d tokens, %d token types, %d sequences up to row %d, %d labels, %d keys"
                            .formatted(
                                    tokens.length,
                                    typeIds.length,
                                    offsets.length - 1,
                                    offsets[offsets.length - 1],
                                    labels.length,
                                    exampleKeys.length));
        }
    }

    @Override
    public int examples() {
        return offsets.length - 1;
    }

    @Override
    public int units() {
        return tokens.length;
    }

    @Override
    public int targets() {
        int count = 0;
        for (int label : labels) {
            if (label >= 0) {
                count++;
            }
        }
        return count;
    }

    @Override
    public int label(int example) {
        return objective == Objective.SEQUENCE_CLASSIFICATION ? labels[example] : -1;
    }

    /** The same sequences with other labels. */
    public TokenBatch withLabels(int[] newLabels) {
        return new TokenBatch(objective, tokens, typeIds, offsets, newLabels, exampleKeys);
    }

    /** Number of targets of one sequence. */
    public int targets(int sequence) {
        if (objective == Objective.SEQUENCE_CLASSIFICATION) {
            return labels[sequence] >= 0 ? 1 : 0;
        }
        int count = 0;
        for (int r = offsets[sequence]; r < offsets[sequence + 1]; r++) {
            count += labels[r] >= 0 ? 1 : 0;
        }
        return count;
    }

    /** Some of the sequences, from one number to before another. */
    public TokenBatch examples(int from, int to) {
        int first = offsets[from];
        int end = offsets[to];
        boolean classifies = objective == Objective.SEQUENCE_CLASSIFICATION;
        return new TokenBatch(
                objective,
                Arrays.copyOfRange(tokens, first, end),
                typeIds.length == 0 ? typeIds : Arrays.copyOfRange(typeIds, first, end),
                IntStream.rangeClosed(from, to).map(s -> offsets[s] - first).toArray(),
                Arrays.copyOfRange(labels, classifies ? from : first, classifies ? to : end),
                exampleKeys.length == 0 ? exampleKeys : Arrays.copyOfRange(exampleKeys, from, to));
    }

    /** Position of every row in its sequence. */
    public int[] positions() {
        int[] positions = new int[tokens.length];
        for (int s = 0; s < examples(); s++) {
            for (int r = offsets[s]; r < offsets[s + 1]; r++) {
                positions[r] = r - offsets[s];
            }
        }
        return positions;
    }

    /** The dropout key of every row; empty where no dropout is wanted. */
    public long[] rowKeys() {
        if (exampleKeys.length == 0) {
            return new long[0];
        }
        long[] keys = new long[tokens.length];
        for (int s = 0; s < examples(); s++) {
            for (int r = offsets[s]; r < offsets[s + 1]; r++) {
                keys[r] = CounterRandom.mix(exampleKeys[s], r - offsets[s]);
            }
        }
        return keys;
    }
}
