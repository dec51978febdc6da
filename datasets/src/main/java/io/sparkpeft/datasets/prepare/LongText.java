package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.model.Objective;
import java.util.Arrays;
import java.util.Locale;

/** What becomes of a text that is longer than the model reads. */
public enum LongText {
    /** Its end is cut off, and it is counted. */
    TRUNCATE,
    /** It becomes several examples, each with the special tokens at its ends. */
    SPLIT;

    /** A classifier's text stays one example; a language model reads all of it. */
    public static LongText defaultFor(Objective objective) {
        return objective.isLanguageModel() ? SPLIT : TRUNCATE;
    }

    /** The choice of a recipe's word, in any case. */
    public static LongText of(String name) {
        return Arrays.stream(values())
                .filter(value -> value.word().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> DatasetException.config("Invalid long-text rule: '%s' (known: truncate, split)", name));
    }

    /** The word that a recipe uses. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
