package io.sparkpeft.benchmark.input;

import java.util.Map;
import java.util.TreeMap;

/**
 * The sizes of a model whose weights are drawn at random.
 *
 * @param family bert, gpt2 or llama
 * @param hidden width of the residual stream
 * @param layers number of layers
 * @param heads query heads of a layer
 * @param keyValueHeads key and value heads of a layer; other than {@code heads} for llama only
 * @param feedForward width inside the feed-forward block
 * @param vocabulary number of tokens
 * @param positions longest sequence
 */
public record ModelShape(
        String family,
        int hidden,
        int layers,
        int heads,
        int keyValueHeads,
        int feedForward,
        int vocabulary,
        int positions) {
    private static final Map<String, ModelShape> NAMED = new TreeMap<>(Map.of(
            "bert-mini", new ModelShape("bert", 256, 4, 4, 4, 1024, 30522, 512),
            "bert-base", new ModelShape("bert", 768, 12, 12, 12, 3072, 30522, 512),
            "gpt2-small", new ModelShape("gpt2", 768, 12, 12, 12, 3072, 50257, 1024),
            "tinystories", new ModelShape("llama", 128, 2, 8, 4, 384, 2048, 512)));

    public ModelShape {
        if (!family.matches("bert|gpt2|llama")) {
            throw new IllegalArgumentException("Invalid --family: %s is none of bert, gpt2, llama".formatted(family));
        }
        if (Math.min(Math.min(hidden, layers), Math.min(heads, keyValueHeads)) < 1
                || Math.min(Math.min(feedForward, vocabulary), positions) < 1) {
            throw new IllegalArgumentException(
                    "Invalid shape: --hidden %d, --layers %d, --heads %d, --key-value-heads %d, --feed-forward %d, --vocabulary %d and --positions %d must be above 0"
                            .formatted(hidden, layers, heads, keyValueHeads, feedForward, vocabulary, positions));
        }
        if (hidden % heads != 0 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    "Invalid shape: --hidden %d must be a multiple of --heads %d, and that of --key-value-heads %d"
                            .formatted(hidden, heads, keyValueHeads));
        }
        if (keyValueHeads != heads && !family.equals("llama")) {
            throw new IllegalArgumentException(
                    "Invalid --key-value-heads: %2$d, but the %3$d heads of %1$s have a key and a value each"
                            .formatted(family, keyValueHeads, heads));
        }
    }

    /**
     * A shape by its name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static ModelShape named(String name) {
        ModelShape shape = NAMED.get(name);
        if (shape == null) {
            throw new IllegalArgumentException(
                    "Invalid --shape: %s is none of %s".formatted(name, String.join(", ", NAMED.keySet())));
        }
        return shape;
    }

    ModelShape withVocabulary(int other) {
        return new ModelShape(family, hidden, layers, heads, keyValueHeads, feedForward, other, positions);
    }

    /** The sizes in one line. */
    public String text() {
        return "%s, hidden %d, layers %d, heads %d/%d, feed-forward %d, vocabulary %d"
                .formatted(family, hidden, layers, heads, keyValueHeads, feedForward, vocabulary);
    }
}
