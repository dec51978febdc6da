package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.contract.backend.Twin;
import io.sparkpeft.compute.contract.backend.Twin.Pair;
import io.sparkpeft.random.CounterRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DropoutContractTest {
    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void everyBackendDropsTheSameEntriesBitForBit(String backend, boolean strided) {
        int rows = 9;
        long[] keys = new long[rows];
        for (int r = 0; r < rows; r++) {
            keys[r] = CounterRandom.mix(42, r);
        }
        for (float probability : new float[] {0f, 0.1f, 0.5f, 0.93f}) {
            Dropout dropout = new Dropout(probability, 3, keys);
            for (int columns : new int[] {1, 16, 45, 200}) {
                try (Twin twin = new Twin(backend, strided)) {
                    Pair x = twin.of(rows, columns, i -> 1);
                    twin.tested().dropout(dropout, x.tested());
                    float[] found = twin.values(x.tested());
                    for (int i = 0; i < found.length; i++) {
                        float expected = dropout.isActive() ? dropout.factor(i / columns, i % columns) : 1f;
                        assertThat(found[i]).isEqualTo(expected);
                    }
                }
            }
        }
    }
}
