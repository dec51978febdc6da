package io.sparkpeft.optim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.spi.Services;
import java.util.Arrays;
import java.util.Collection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimiser must do. */
class OptimizerContractTest {
    private static final int SIZE = 100;

    static Collection<Optimizer> optimizers() {
        return Services.all(Optimizer.class);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void walksDownhill(Optimizer optimizer) {
        float[] values = random(1);
        double before = norm(values);
        OptimizerState state = OptimizerState.zeros(SIZE);
        for (int step = 1; step <= 20_000 && norm(values) >= 0.1 * before; step++) {
            optimizer.step(values, values.clone(), state, settings(optimizer, 0), 0.02, step);
        }
        assertThat(norm(values)).isLessThan(0.1 * before);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void treatsEveryEntryByItself(Optimizer optimizer) {
        float[] whole = random(2);
        float[] part = Arrays.copyOfRange(whole, 40, 60);
        OptimizerState wholeState = OptimizerState.zeros(SIZE);
        OptimizerState partState = OptimizerState.zeros(20);
        for (int step = 1; step <= 5; step++) {
            float[] gradient = random(10 + step);
            optimizer.step(whole, gradient, wholeState, settings(optimizer, 0.1), 0.02, step);
            optimizer.step(part, Arrays.copyOfRange(gradient, 40, 60), partState, settings(optimizer, 0.1), 0.02, step);
        }
        assertThat(Arrays.copyOfRange(whole, 40, 60)).containsExactly(part);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void decaysTheWeightAndNotTheGradient(Optimizer optimizer) {
        float[] values = random(3);
        float[] start = values.clone();
        optimizer.step(values, new float[SIZE], OptimizerState.zeros(SIZE), settings(optimizer, 0.1), 0.5, 1);
        for (int i = 0; i < SIZE; i++) {
            assertThat(values[i]).isEqualTo(start[i] * 0.95f);
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void rateZeroChangesNoBit(Optimizer optimizer) {
        float[] values = random(4);
        float[] start = values.clone();
        optimizer.step(values, random(5), OptimizerState.zeros(SIZE), settings(optimizer, 0.1), 0, 1);
        assertThat(values).containsExactly(start);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void leavesMomentsAloneUnlessItUsesThem(Optimizer optimizer) {
        OptimizerState state = OptimizerState.zeros(SIZE);
        optimizer.step(random(6), random(7), state, settings(optimizer, 0), 0.1, 1);
        boolean changed = norm(state.first()) > 0 || norm(state.second()) > 0;
        assertThat(changed).isEqualTo(optimizer.usesMoments());
    }

    private static OptimizerSettings settings(Optimizer optimizer, double decay) {
        return new OptimizerSettings(optimizer.name(), 0.9, 0.999, 1e-8, decay);
    }

    private static float[] random(long key) {
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = (float) CounterRandom.normal(key, i);
        }
        return values;
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
