package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Halves;
import io.sparkpeft.compute.contract.backend.Twin;
import io.sparkpeft.param.Bfloat16;
import io.sparkpeft.random.CounterRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packed and expanded, values of 16 bits are what they were. */
class HalvesContractTest {
    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void expandingGivesBackWhatWasPacked(String backend, boolean strided) {
        for (int columns : new int[] {1, 2, 3, 15, 16, 31, 33, 64, 97, 200}) {
            int rows = 5;
            float[] values = new float[rows * columns];
            for (int i = 0; i < values.length; i++) {
                values[i] = Bfloat16.round((float) (CounterRandom.normal(columns, i) * Math.pow(10, i % 9 - 4)));
            }
            values[0] = -0f;
            values[values.length - 1] = Float.MIN_NORMAL;
            float[] halves = new float[rows * Halves.width(columns)];
            Halves.pack(values, rows, columns, halves);
            try (Twin twin = new Twin(backend, strided)) {
                Twin.Pair packed = twin.of(rows, Halves.width(columns), i -> halves[i]);
                Twin.Pair expanded = twin.garbage(rows, columns);
                twin.run((b, side) -> b.expand(side.of(packed), side.of(expanded)));
                assertThat(twin.values(expanded.tested())).isEqualTo(values);
                twin.assertAgree(expanded, 0, 0);
            }
        }
    }
}
