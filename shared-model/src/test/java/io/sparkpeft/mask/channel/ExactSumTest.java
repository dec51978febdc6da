package io.sparkpeft.mask.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.random.CounterRandom;
import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class ExactSumTest {
    private static final float[] EXTREMES = {
        0f, Float.MIN_VALUE, 0x1.fffffcp-127f, Float.MIN_NORMAL, 1f, Float.MAX_VALUE
    };

    /** Of any size that a float has. */
    private static float[] drawn(long key, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            int bits = (int) (CounterRandom.uniform(key, i) * Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
            values[i] = Float.intBitsToFloat(bits);
        }
        return values;
    }

    private static long[] sum(float[] values, int from, int to) {
        long[] digits = new long[ExactSum.DIGITS];
        for (int i = from; i < to; i++) {
            ExactSum.add(values[i], digits);
        }
        return digits;
    }

    @Test
    void oneNumberIsItsOwnSum() {
        for (float value : EXTREMES) {
            assertThat(ExactSum.value(sum(new float[] {value}, 0, 1))).isEqualTo((double) value);
        }
        for (float value : drawn(1, 5000)) {
            assertThat(ExactSum.value(sum(new float[] {value}, 0, 1))).isEqualTo((double) value);
        }
    }

    @Test
    void theSumIsThatOfWholeNumberArithmetic() {
        for (int run = 0; run < 50; run++) {
            float[] values = drawn(run, 200);
            BigDecimal exact = BigDecimal.ZERO;
            for (float value : values) {
                exact = exact.add(new BigDecimal(value));
            }
            double found = ExactSum.value(sum(values, 0, values.length));
            BigDecimal error = new BigDecimal(found).subtract(exact).abs();
            assertThat(error.divide(exact, MathContext.DECIMAL64).doubleValue()).isLessThan(0x1p-51);
        }
    }

    @Test
    void partsAddUpWhereverTheyAreCut() {
        float[] values = drawn(3, 300);
        long[] whole = sum(values, 0, 300);
        for (int cut : new int[] {0, 1, 150, 299}) {
            long[] first = sum(values, 0, cut);
            long[] second = sum(values, cut, 300);
            for (int d = 0; d < whole.length; d++) {
                assertThat(first[d] + second[d]).isEqualTo(whole[d]);
            }
        }
    }

    @Test
    void equalSumsAreEqualWhateverWasAdded() {
        float third = 1 / 3f;
        long[] pieces = new long[ExactSum.DIGITS];
        for (int i = 0; i < 1 << 16; i++) {
            ExactSum.add(third, pieces);
        }
        assertThat(ExactSum.value(pieces)).isEqualTo((double) (third * (1 << 16)));
    }
}
