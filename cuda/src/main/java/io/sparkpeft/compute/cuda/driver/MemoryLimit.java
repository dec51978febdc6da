package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much device memory the backends of this process may hold on a GPU.
 *
 * @param given bytes; empty: nine tenths of what the GPU has
 */
record MemoryLimit(OptionalLong given) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kmg]?)");
    private static final int DEFAULT_TENTHS = 9;

    /**
     * What {@link MemoryBudget#LIMIT} says.
     *
     * @throws IllegalArgumentException if that is no size
     */
    static MemoryLimit fromProperties() {
        String text = System.getProperty(MemoryBudget.LIMIT, "");
        return text.isEmpty() ? new MemoryLimit(OptionalLong.empty()) : parse(text);
    }

    static MemoryLimit parse(String text) {
        Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw new IllegalArgumentException("Invalid %s: %s is no number of bytes, nor one with k, m or g behind it"
                    .formatted(MemoryBudget.LIMIT, text));
        }
        int shift =
                switch (size.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    default -> 0;
                };
        return new MemoryLimit(OptionalLong.of(Math.multiplyExact(Long.parseLong(size.group(1)), 1L << shift)));
    }

    long bytes(long memory) {
        return Math.min(memory, given.orElse(memory / 10 * DEFAULT_TENTHS));
    }
}
