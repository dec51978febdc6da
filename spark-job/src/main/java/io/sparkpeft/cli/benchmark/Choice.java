package io.sparkpeft.cli.benchmark;

import io.sparkpeft.config.bind.Names;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** One of the words that an option may have. */
final class Choice {
    private Choice() {}

    /**
     * The constant that a word names, written as in a recipe.
     *
     * @param option as the user types it
     * @throws IllegalArgumentException naming the option and the words that there are, if it names none
     */
    static <E extends Enum<E>> E of(Class<E> type, String option, String word) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        List<String> words = constants.stream().map(Names::value).toList();
        return constants.get(words.indexOf(require(words, option, word)));
    }

    /**
     * The word itself.
     *
     * @throws IllegalArgumentException naming the option and the words that there are, if it is none of them
     */
    static String require(Collection<String> words, String option, String word) {
        if (!words.contains(word)) {
            throw new IllegalArgumentException(
                    "Invalid %s: %s is none of %s".formatted(option, word, String.join(", ", words)));
        }
        return word;
    }
}
