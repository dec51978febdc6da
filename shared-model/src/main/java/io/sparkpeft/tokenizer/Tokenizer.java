package io.sparkpeft.tokenizer;

import java.util.OptionalInt;

/**
 * Text to tokens and back, exactly as the checkpoint's Hugging Face tokenizer does it. Immutable: one tokenizer may
 * serve any number of threads at once, and is closed after the last use.
 */
public interface Tokenizer extends AutoCloseable {
    /**
     * The tokens of one text with the special tokens that the model expects around it.
     *
     * @param maxLength most tokens to return, special tokens included; the end of the text is cut off
     * @throws IllegalArgumentException if the special tokens alone are more than {@code maxLength}
     */
    TokenizedText encode(String text, int maxLength);

    /**
     * The tokens of a pair of texts with the special tokens that the model expects around and between them. Tokens too
     * many are cut off the ends, one at a time from the longer text.
     *
     * @param maxLength most tokens to return, special tokens included
     * @throws IllegalArgumentException if the special tokens alone are more than {@code maxLength}
     */
    TokenizedText encode(String text, String pair, int maxLength);

    /** The tokens of the text itself, without special tokens and of any length. */
    int[] encodePlain(String text);

    /** The text of the tokens; special tokens are left out. */
    String decode(int[] tokens);

    /** One more than the highest token id, added tokens included. */
    int vocabularySize();

    /** The token that hides another in masked-LM training. */
    OptionalInt maskTokenId();

    /** The token that fills up short sequences. */
    OptionalInt padTokenId();

    /** The token that stands for what the vocabulary cannot express. */
    OptionalInt unknownTokenId();

    /** The token that begins a sequence: bos, else cls. */
    OptionalInt beginTokenId();

    /** The token that ends a sequence: eos, else sep. */
    OptionalInt endTokenId();

    /** Whether the token is markup and no text: never hidden, never predicted from a mask. */
    boolean isSpecial(int id);

    /** The longest input that the tokenizer's own configuration allows; none where it does not say. */
    OptionalInt modelMaxLength();

    /** Hex SHA-256 of the files that the tokenizer was made from. */
    String fingerprint();

    @Override
    void close();
}
