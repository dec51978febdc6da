package io.sparkpeft.mask.channel;

/**
 * A sum of floats from 0 up without rounding, so that the order of adding and the parts added separately make no
 * difference. It is kept in digits of 32 bits: the value is Σ_d digits[d]·2^(32·d − 149). Kulisch and Miranker 1986, "The
 * arithmetic of the digital computer: a new approach".
 */
final class ExactSum {
    /** A float reaches from 2^−149 to below 2^128, which a mantissa crosses from one digit into the next. */
    static final int DIGITS = 9;

    private static final int DIGIT_BITS = 32;
    private static final long DIGIT = 0xFFFFFFFFL;
    private static final int MANTISSA_BITS = 23;
    private static final int LOWEST_EXPONENT = -149;

    private ExactSum() {}

    /** Adds a finite number of at least 0; 2³¹ of them fit. */
    static void add(float value, long[] digits) {
        int bits = Float.floatToRawIntBits(value);
        int exponent = bits >>> MANTISSA_BITS;
        long mantissa = bits & ((1 << MANTISSA_BITS) - 1);
        if (exponent > 0) {
            mantissa |= 1 << MANTISSA_BITS;
        }
        int shift = Math.max(exponent, 1) - 1;
        long shifted = mantissa << (shift % DIGIT_BITS);
        digits[shift / DIGIT_BITS] += shifted & DIGIT;
        digits[shift / DIGIT_BITS + 1] += shifted >>> DIGIT_BITS;
    }

    /** The sum as a double: the same for equal sums, whatever was added. */
    static double value(long[] digits) {
        long[] carried = new long[DIGITS + 1];
        long carry = 0;
        for (int d = 0; d < DIGITS; d++) {
            long digit = digits[d] + carry;
            carried[d] = digit & DIGIT;
            carry = digit >>> DIGIT_BITS;
        }
        carried[DIGITS] = carry;
        double sum = 0;
        for (int d = DIGITS; d >= 0; d--) {
            sum += carried[d] * Math.scalb(1.0, DIGIT_BITS * d + LOWEST_EXPONENT);
        }
        return sum;
    }
}
