package io.sparkpeft.config.bind;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How Java names are written in a recipe, and which known name a wrong one was meant to be. */
public final class Names {
    private Names() {}

    /** {@code learningRate} is written {@code learning-rate}. */
    public static String key(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** {@code PER_TENSOR} is written {@code per-tensor}. */
    public static String value(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All values of an enum as a recipe writes them, separated by commas. */
    public static String values(Class<?> enumeration) {
        return Arrays.stream(enumeration.getEnumConstants())
                .map(constant -> value((Enum<?>) constant))
                .collect(Collectors.joining(", "));
    }

    /** The known name that takes the fewest edits to reach, if they are few or only add to it. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        int limit = Math.max(2, name.length() / 2);
        return known.stream()
                .filter(candidate ->
                        distance(name, candidate) <= limit || (name.length() > 2 && candidate.startsWith(name)))
                .min(Comparator.comparingInt((String candidate) -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Levenshtein distance: the fewest insertions, deletions and replacements of one character. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
