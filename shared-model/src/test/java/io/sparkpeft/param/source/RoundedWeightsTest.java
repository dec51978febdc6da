package io.sparkpeft.param.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.param.Bfloat16;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.toy.ToyModel;
import org.junit.jupiter.api.Test;

/** Rounding goes to the nearest of the two neighbours, and reaches linear layers of the body alone. */
class RoundedWeightsTest {
    private static float neighbour(float lower, int steps) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(lower) + (steps << 16));
    }

    @Test
    void theNearestIsTakenAndOfTwoTheEvenOne() {
        for (int i = 0; i < 20_000; i++) {
            float value = (float) (CounterRandom.normal(3, i) * Math.pow(10, i % 60 - 30));
            float below = Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF0000);
            float above = neighbour(below, 1);
            double toBelow = Math.abs((double) value - below);
            double toAbove = Math.abs((double) above - value);
            float rounded = Bfloat16.round(value);
            if (toBelow != toAbove) {
                assertThat(rounded).isEqualTo(toBelow < toAbove ? below : above);
            }
            assertThat(Bfloat16.holds(rounded)).isTrue();
            assertThat(Bfloat16.round(rounded)).isEqualTo(rounded);
            float tie = Float.intBitsToFloat(Float.floatToRawIntBits(below) | 0x8000);
            boolean belowIsEven = (Float.floatToRawIntBits(below) >>> 16 & 1) == 0;
            assertThat(Bfloat16.round(tie)).isEqualTo(belowIsEven ? below : above);
        }
    }

    @Test
    void specialValuesStay() {
        for (float value : new float[] {0f, -0f, 1f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}) {
            assertThat(Float.floatToRawIntBits(Bfloat16.round(value))).isEqualTo(Float.floatToRawIntBits(value));
        }
        assertThat(Bfloat16.round(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    }

    @Test
    void linearLayersOfTheBodyAreRoundedAndNothingElse() {
        Parameters base = ToyModel.random(4);
        RoundedWeights rounded = new RoundedWeights(base);
        for (int t = 0; t < base.layout().count(); t++) {
            float[] expected = base.tensor(t).clone();
            boolean rounds = t == ToyModel.LINEAR || t == ToyModel.CONV || t == ToyModel.UNUSED;
            for (int i = 0; i < expected.length && rounds; i++) {
                expected[i] = Bfloat16.round(expected[i]);
            }
            assertThat(rounded.tensor(t)).isEqualTo(expected);
            if (rounds) {
                assertThat(expected).isNotEqualTo(base.tensor(t));
            }
            float[] part = {9f, 9f, 9f, 9f};
            rounded.read(t, 1, 2, part, 1);
            assertThat(part).containsExactly(9f, expected[1], expected[2], 9f);
        }
    }
}
