package io.sparkpeft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.param.Bfloat16;
import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OptimizerStateTest {
    private static OptimizerState moments(int size) {
        float[] first = new float[size];
        float[] second = new float[size];
        for (int i = 0; i < size; i++) {
            first[i] = (float) CounterRandom.normal(1, i);
            second[i] = (float) (1e-6 * CounterRandom.uniform(2, i));
        }
        return new OptimizerState(first, second);
    }

    @Test
    void roundsEachToANeighbourThatIsBfloat16() {
        OptimizerState exact = moments(10_000);
        OptimizerState rounded = exact.toBfloat16(7);

        for (int i = 0; i < 10_000; i++) {
            assertNeighbour(exact.first()[i], rounded.first()[i]);
            assertNeighbour(exact.second()[i], rounded.second()[i]);
        }
    }

    private static void assertNeighbour(float exact, float rounded) {
        assertThat(Bfloat16.holds(rounded)).isTrue();
        assertThat(Math.abs(rounded - exact)).isLessThanOrEqualTo(Math.abs(exact) * 0x1p-7f);
    }

    @Test
    void theMeanOfManyRoundingsIsTheValue() {
        float exact = 1f + 0x1p-7f / 5;
        float[] copies = new float[100_000];
        Arrays.fill(copies, exact);
        double sum = 0;
        for (float rounded : new OptimizerState(copies, copies).toBfloat16(3).first()) {
            assertThat(rounded).isIn(1f, 1f + 0x1p-7f);
            sum += rounded;
        }
        // A fifth of them go up: the standard error of the mean is 2^-7·0.4/√n.
        assertThat(sum / copies.length).isCloseTo(exact, within(4 * 0x1p-7 * 0.4 / Math.sqrt(copies.length)));
    }

    /** Nearest rounding would keep such a moment for ever: each change is smaller than half the distance. */
    @Test
    void aSlowDecayIsNotLost() {
        OptimizerState state = new OptimizerState(new float[1000], new float[1000]);
        Arrays.fill(state.second(), 1f);
        for (int round = 0; round < 1000; round++) {
            for (int i = 0; i < 1000; i++) {
                state.second()[i] *= 0.999f;
            }
            state = state.toBfloat16(round);
        }
        double mean = 0;
        for (float value : state.second()) {
            mean += value / 1000;
        }
        assertThat(mean).isCloseTo(Math.pow(0.999, 1000), within(0.01));
    }

    @Test
    void whatIsBfloat16OrNotFiniteKeepsItsBitsAndTheSameKeyGivesTheSame() {
        OptimizerState once = moments(1000).toBfloat16(7);

        assertThat(once.toBfloat16(8).first()).isEqualTo(once.first());
        assertThat(moments(1000).toBfloat16(7).second()).isEqualTo(once.second());
        assertThat(moments(1000).toBfloat16(9).second()).isNotEqualTo(once.second());
        float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f};
        assertThat(new OptimizerState(special, special).toBfloat16(1).first()).isEqualTo(special);
        assertThat(OptimizerState.none().toBfloat16(1).isNone()).isTrue();
    }
}
