package io.sparkpeft.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TruncationTest {
    @Test
    void fillsTheLimitAndShortensTheLongerFirst() {
        for (int first = 0; first <= 12; first++) {
            for (int second = 0; second <= 12; second++) {
                for (int limit = 0; limit <= 26; limit++) {
                    requireLaws(first, second, limit);
                }
            }
        }
    }

    private static void requireLaws(int first, int second, int limit) {
        Truncation kept = Truncation.longestFirst(first, second, limit);
        assertThat(kept.first() + kept.second())
                .as("%d and %d within %d", first, second, limit)
                .isEqualTo(Math.min(first + second, limit));
        assertThat(kept.first()).isBetween(0, first);
        assertThat(kept.second()).isBetween(0, second);
        if (kept.first() < first) {
            assertThat(kept.first()).isGreaterThanOrEqualTo(kept.second() - 1);
        }
        if (kept.second() < second) {
            assertThat(kept.second()).isGreaterThanOrEqualTo(kept.first() - 1);
        }
    }
}
