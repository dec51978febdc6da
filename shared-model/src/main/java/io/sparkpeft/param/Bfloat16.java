package io.sparkpeft.param;

/** The upper half of a float: its sign, its exponent and 7 bits of its fraction. */
public final class Bfloat16 {
    private static final int LOWER = 0xFFFF;

    private Bfloat16() {}

    /** The nearest float whose lower half is 0, ties to even. What is not a number stays what it is. */
    public static float round(float value) {
        if (Float.isNaN(value)) {
            return value;
        }
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat(bits + 0x7FFF + (bits >>> 16 & 1) & ~LOWER);
    }

    /**
     * One of the two nearest floats whose lower half is 0, the upper one with the probability of the way to it, so that
     * the mean of many such roundings is the value. What is not finite stays what it is. Gupta et al. 2015, arXiv
     * 1502.02551.
     *
     * @param draw random bits, of which the lower 16 count
     */
    public static float roundRandomly(float value, int draw) {
        if (!Float.isFinite(value)) {
            return value;
        }
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) + (draw & LOWER) & ~LOWER);
    }

    /** Whether the lower half of a float is 0. */
    public static boolean holds(float value) {
        return (Float.floatToRawIntBits(value) & LOWER) == 0;
    }
}
