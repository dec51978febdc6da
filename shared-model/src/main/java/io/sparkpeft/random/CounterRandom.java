package io.sparkpeft.random;

/**
 * Random numbers by counter: a pure function of a key and a position, with no state to share between threads. The
 * mixers are Stafford's variant 13 of the 64-bit and the 32-bit finaliser of MurmurHash3.
 */
public final class CounterRandom {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private CounterRandom() {}

    /** Mixes a value into a key. */
    public static long mix(long key, long value) {
        long z = (key ^ (value * GOLDEN)) + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A float in [0, 1) with 24 random bits. Fits 32-bit integer vector lanes. */
    public static float uniform(long rowKey, int site, int column) {
        int z = seed(rowKey, site) + column * 0x9E3779B9;
        z = (z ^ (z >>> 16)) * 0x85EBCA6B;
        z = (z ^ (z >>> 13)) * 0xC2B2AE35;
        z ^= z >>> 16;
        return (z >>> 8) * 0x1p-24f;
    }

    /** What {@link #uniform} starts from in every column of a row. */
    public static int seed(long rowKey, int site) {
        return (int) (rowKey ^ (rowKey >>> 32)) ^ (site * 0x85EBCA6B);
    }

    /** A double in [0, 1) with 53 random bits, from a key and a counter. */
    public static double uniform(long key, long counter) {
        return (mix(key, counter) >>> 11) * 0x1p-53;
    }

    /** A standard normal value from a key and a counter (Box and Muller). */
    public static double normal(long key, long counter) {
        double u = 1.0 - uniform(key, 2 * counter);
        double v = uniform(key, 2 * counter + 1);
        return Math.sqrt(-2.0 * StrictMath.log(u)) * StrictMath.cos(2.0 * Math.PI * v);
    }

    /** A permutation of 0..n−1 (Fisher and Yates). */
    public static int[] permutation(long key, int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = (int) (uniform(key, i) * (i + 1));
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }
}
