package io.sparkpeft.datasets.sample;

import io.sparkpeft.random.CounterRandom;
import java.util.List;

/** A seeded sequence of choices. */
final class Draw {
    private final long key;
    private long count;

    Draw(long key) {
        this.key = key;
    }

    boolean chance(double probability) {
        return CounterRandom.uniform(key, count++) < probability;
    }

    int below(int bound) {
        return (int) (CounterRandom.uniform(key, count++) * bound);
    }

    <T> T of(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    String of(String... choices) {
        return choices[below(choices.length)];
    }
}
