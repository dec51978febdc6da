package io.sparkpeft.tokenizer.huggingface;

/**
 * How many tokens of each segment stay where both together may have only {@code limit}: Hugging Face's strategy
 * "longest_first", which shortens the longer segment first and then both alike.
 *
 * @param first tokens kept of the first segment
 * @param second tokens kept of the second segment
 */
record Truncation(int first, int second) {
    static Truncation longestFirst(int first, int second, int limit) {
        if (first + second <= limit) {
            return new Truncation(first, second);
        }
        int shorter = Math.min(first, second);
        int longer = limit - shorter;
        if (longer < shorter) {
            shorter = limit / 2;
            longer = limit - shorter;
        }
        return first <= second ? new Truncation(shorter, longer) : new Truncation(longer, shorter);
    }
}
