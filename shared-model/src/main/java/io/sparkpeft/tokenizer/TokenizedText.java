package io.sparkpeft.tokenizer;

/**
 * A text as a model reads it.
 *
 * @param ids token of every position, special tokens included
 * @param typeIds token type of every position, 0 for the first segment; as long as {@code ids}
 * @param truncated whether tokens were cut off to keep within the length asked for
 */
public record TokenizedText(int[] ids, int[] typeIds, boolean truncated) {
    public TokenizedText {
        if (ids.length != typeIds.length) {
            throw new IllegalArgumentException(
                    "Invalid tokenized text: %d tokens, %d token types".formatted(ids.length, typeIds.length));
        }
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }
}
