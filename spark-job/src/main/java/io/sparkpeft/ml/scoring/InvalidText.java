package io.sparkpeft.ml.scoring;

import io.sparkpeft.failure.JobException;
import java.util.Arrays;
import java.util.Locale;

/** What becomes of a row without a text that can be scored. */
public enum InvalidText {
    /** The query fails. */
    ERROR,
    /** The row is left out. */
    SKIP,
    /** The row stays, with no scores. */
    KEEP;

    /** @throws JobException if the word is none of these */
    public static InvalidText of(String word) {
        return Arrays.stream(values())
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() ->
                        JobException.config("Invalid handleInvalid: %s is none of error, skip, keep".formatted(word)));
    }
}
