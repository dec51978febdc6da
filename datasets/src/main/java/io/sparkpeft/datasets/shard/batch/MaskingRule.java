package io.sparkpeft.datasets.shard.batch;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.tokenizer.Tokenizer;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Masked-LM corruption (Devlin et al. 2019, arXiv 1810.04805): each token that is not special is chosen with
 * probability 15 %; of those chosen 80 % become the mask token, 10 % a random token and 10 % stay. At least one token
 * of every sequence that has any is chosen, so that no example is without a target.
 */
public final class MaskingRule implements Serializable {
    private static final long serialVersionUID = 1;
    private static final double CHOSEN = 0.15;
    private static final double MASKED = 0.8;
    private static final double MASKED_OR_RANDOM = 0.9;
    private static final MaskingRule NONE = new MaskingRule(-1, new int[0], new int[0]);

    private final int maskToken;
    private final int[] specials;
    private final int[] ordinary;

    private MaskingRule(int maskToken, int[] specials, int[] ordinary) {
        this.maskToken = maskToken;
        this.specials = specials;
        this.ordinary = ordinary;
    }

    /** For objectives that hide no tokens. */
    public static MaskingRule none() {
        return NONE;
    }

    /** @throws DatasetException if the tokenizer has no mask token */
    public static MaskingRule of(Tokenizer tokenizer) {
        int mask = tokenizer
                .maskTokenId()
                .orElseThrow(() -> DatasetException.config(
                        "Cannot train a masked language model: the tokenizer has no mask token"));
        IntStream all = IntStream.range(0, tokenizer.vocabularySize());
        int[] specials = all.filter(tokenizer::isSpecial).toArray();
        return of(mask, tokenizer.vocabularySize(), specials);
    }

    /** @param specials tokens that are never hidden and never put in a hidden one's place */
    public static MaskingRule of(int maskToken, int vocabularySize, int... specials) {
        int[] sorted = Arrays.stream(specials).sorted().distinct().toArray();
        int[] ordinary = IntStream.range(0, vocabularySize)
                .filter(token -> Arrays.binarySearch(sorted, token) < 0 && token != maskToken)
                .toArray();
        return new MaskingRule(maskToken, sorted, ordinary);
    }

    /**
     * Corrupts a sequence in place.
     *
     * @param key decides the pattern
     * @param tokens rows {@code from} to {@code to} are the sequence
     * @param labels set to the token where one was chosen, to −1 elsewhere
     */
    void corrupt(long key, int[] tokens, int from, int to, int[] labels) {
        int fallback = -1;
        long lowest = Long.MAX_VALUE;
        boolean any = false;
        for (int row = from; row < to; row++) {
            labels[row] = -1;
            if (isSpecial(tokens[row])) {
                continue;
            }
            if (CounterRandom.uniform(key, 3L * (row - from)) < CHOSEN) {
                choose(key, row - from, tokens, row, labels);
                any = true;
            } else if (CounterRandom.mix(key, 3L * (row - from)) < lowest) {
                lowest = CounterRandom.mix(key, 3L * (row - from));
                fallback = row;
            }
        }
        if (!any && fallback >= 0) {
            choose(key, fallback - from, tokens, fallback, labels);
        }
    }

    private void choose(long key, int position, int[] tokens, int row, int[] labels) {
        labels[row] = tokens[row];
        double place = CounterRandom.uniform(key, 3L * position + 1);
        if (place < MASKED) {
            tokens[row] = maskToken;
        } else if (place < MASKED_OR_RANDOM) {
            tokens[row] = ordinary[(int) (CounterRandom.uniform(key, 3L * position + 2) * ordinary.length)];
        }
    }

    private boolean isSpecial(int token) {
        return token == maskToken || Arrays.binarySearch(specials, token) >= 0;
    }
}
