package io.sparkpeft.config.bind;

import java.util.Map;

/** Words that older recipes, and the runs that were made by them, have for what has another word now. */
final class FormerWords {
    private static final Map<String, Map<String, String>> NOW =
            Map.of("train.recompute", Map.of("false", "none", "true", "full"));

    private FormerWords() {}

    /** Today's word for a key's value; the same if it has not changed. */
    static String now(String key, String word) {
        return NOW.getOrDefault(key, Map.of()).getOrDefault(word, word);
    }
}
