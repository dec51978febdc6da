package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.CounterRandom;
import io.sparkpeft.compute.Dropout;
import io.sparkpeft.compute.cuda.memory.Staging;

/** The arrays that go to the device with one call. */
final class CallArrays {
    private final Staging staging;
    private int[] seeds = new int[0];

    CallArrays(Staging staging) {
        this.staging = staging;
    }

    /** Starts a call whose arrays hold so many numbers together. */
    CallArrays begin(long numbers, int count) {
        staging.begin(numbers, count);
        return this;
    }

    /** Where the first numbers of an array will be. */
    long integers(int[] values, int count) {
        return staging.put(values, 0, count);
    }

    /** Where the first numbers of an array will be. */
    long floats(float[] values, int count) {
        return staging.put(values, 0, count);
    }

    /** Where what {@link CounterRandom#uniform} makes of key and site of each row will be. */
    long seeds(Dropout dropout, int rows) {
        if (seeds.length < rows) {
            seeds = new int[rows];
        }
        for (int r = 0; r < rows; r++) {
            seeds[r] = CounterRandom.seed(dropout.rowKeys()[r], dropout.site());
        }
        return staging.put(seeds, 0, rows);
    }

    /** What surviving entries are multiplied by. */
    static float scale(Dropout dropout) {
        return 1f / (1f - dropout.probability());
    }

    void send() {
        staging.send();
    }
}
