package io.sparkpeft.compute.cuda.launch;

import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.cuda.memory.Staging;
import io.sparkpeft.random.CounterRandom;

/** The arrays that go to the device with one call. */
public final class CallArrays {
    private final Staging staging;
    private int[] seeds = new int[0];

    public CallArrays(Staging staging) {
        this.staging = staging;
    }

    /** Starts a call whose arrays hold so many numbers together. */
    public CallArrays begin(long numbers, int count) {
        staging.begin(numbers, count);
        return this;
    }

    /** Where the first numbers of an array will be. */
    public long integers(int[] values, int count) {
        return staging.put(values, 0, count);
    }

    /** Where the first numbers of an array will be. */
    public long floats(float[] values, int count) {
        return staging.put(values, 0, count);
    }

    /** Where what {@link CounterRandom#uniform} makes of key and site of each row will be. */
    public long seeds(Dropout dropout, int rows) {
        if (seeds.length < rows) {
            seeds = new int[rows];
        }
        for (int r = 0; r < rows; r++) {
            seeds[r] = CounterRandom.seed(dropout.rowKeys()[r], dropout.site());
        }
        return staging.put(seeds, 0, rows);
    }

    /** What surviving entries are multiplied by. */
    public static float scale(Dropout dropout) {
        return 1f / (1f - dropout.probability());
    }

    public void send() {
        staging.send();
    }
}
