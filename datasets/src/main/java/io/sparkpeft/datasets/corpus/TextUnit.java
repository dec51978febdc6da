package io.sparkpeft.datasets.corpus;

import io.sparkpeft.datasets.DatasetException;
import java.util.Arrays;
import java.util.Locale;

/** What one example of a plain text is. */
public enum TextUnit {
    /** Every line that is not blank. */
    LINE,
    /** Lines that follow each other without a blank line between them, joined by line feeds. */
    PARAGRAPH,
    FILE;

    /** The unit of a recipe's word, in any case. */
    public static TextUnit of(String name) {
        return Arrays.stream(values())
                .filter(unit -> unit.word().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> DatasetException.config("Invalid text unit: '%s' (known: line, paragraph, file)", name));
    }

    /** The word that a recipe uses. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
