package io.sparkpeft.toy;

import io.sparkpeft.model.Batch;
import io.sparkpeft.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One word and one class per example; −1 where the class is unknown. */
public record ToyBatch(int[] words, int[] labels) implements Batch {
    @Override
    public int examples() {
        return words.length;
    }

    @Override
    public int targets() {
        return (int) Arrays.stream(labels).filter(l -> l >= 0).count();
    }

    @Override
    public int units() {
        return words.length;
    }

    @Override
    public int label(int example) {
        return labels[example];
    }

    /** Examples whose class is a fixed function of the word. */
    public static ToyBatch random(long key, int examples, int vocabulary, int classes) {
        int[] words = new int[examples];
        int[] labels = new int[examples];
        for (int e = 0; e < examples; e++) {
            words[e] = (int) (CounterRandom.uniform(key, e) * vocabulary);
            labels[e] = Math.floorMod(CounterRandom.mix(77, words[e]), classes);
        }
        return new ToyBatch(words, labels);
    }

    /** The examples in parts of at most so many. */
    public List<ToyBatch> split(int size) {
        List<ToyBatch> parts = new ArrayList<>();
        for (int from = 0; from < words.length; from += size) {
            int to = Math.min(words.length, from + size);
            parts.add(new ToyBatch(Arrays.copyOfRange(words, from, to), Arrays.copyOfRange(labels, from, to)));
        }
        return parts;
    }
}
