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

    /** Whether the lower half of a float is 0. */
    public static boolean holds(float value) {
        return (Float.floatToRawIntBits(value) & LOWER) == 0;
    }
}
