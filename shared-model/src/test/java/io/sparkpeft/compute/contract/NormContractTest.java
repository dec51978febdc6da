package io.sparkpeft.compute.contract;

import io.sparkpeft.compute.contract.backend.Twin;
import io.sparkpeft.compute.contract.backend.Twin.Pair;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NormContractTest {
    private static final int[][] SHAPES = {{1, 1}, {2, 2}, {5, 17}, {9, 32}, {33, 100}, {4, 256}};

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void layerNorm(String backend, boolean strided) {
        for (int[] shape : SHAPES) {
            int rows = shape[0];
            int columns = shape[1];
            try (Twin twin = new Twin(backend, strided)) {
                Pair x = twin.of(rows, columns, i -> 3 + Math.sin(1 + i * 1.37));
                Pair weight = twin.random(1, columns, 1);
                Pair bias = twin.random(1, columns, 1);
                Pair statistics = twin.garbage(rows, 2);
                Pair y = twin.garbage(rows, columns);
                Pair gradient = twin.random(rows, columns, 1);
                Pair inputGradient = twin.garbage(rows, columns);
                Pair weightGradient = twin.garbage(1, columns);
                twin.run((b, t) -> {
                    b.layerNorm(t.of(x), t.of(weight), t.of(bias), 1e-3f, t.of(statistics), t.of(y));
                    b.layerNormWeightGradient(t.of(x), t.of(statistics), t.of(gradient), t.of(weightGradient));
                    b.layerNormBackward(t.of(x), t.of(weight), t.of(statistics), t.of(gradient), t.of(inputGradient));
                });
                twin.assertAgree(statistics, 1e-6, 5e-6);
                twin.assertAgree(y, 1e-5, 5e-6);
                twin.assertAgree(weightGradient, 1e-5 * Math.sqrt(rows), 5e-6);
                twin.assertAgree(inputGradient, 5e-5, 5e-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void rootMeanSquareNorm(String backend, boolean strided) {
        for (int[] shape : SHAPES) {
            int rows = shape[0];
            int columns = shape[1];
            try (Twin twin = new Twin(backend, strided)) {
                Pair x = twin.random(rows, columns, 2);
                Pair weight = twin.random(1, columns, 1);
                Pair statistics = twin.garbage(rows, 1);
                Pair y = twin.garbage(rows, columns);
                Pair gradient = twin.random(rows, columns, 1);
                Pair inputGradient = twin.garbage(rows, columns);
                Pair weightGradient = twin.garbage(1, columns);
                twin.run((b, t) -> {
                    b.rmsNorm(t.of(x), t.of(weight), 1e-2f, t.of(statistics), t.of(y));
                    b.rmsNormWeightGradient(t.of(x), t.of(statistics), t.of(gradient), t.of(weightGradient));
                    b.rmsNormBackward(t.of(x), t.of(weight), t.of(statistics), t.of(gradient), t.of(inputGradient));
                });
                twin.assertAgree(statistics, 1e-6, 2e-6);
                twin.assertAgree(y, 1e-6, 2e-6);
                twin.assertAgree(weightGradient, 3e-6 * Math.sqrt(rows), 2e-6);
                twin.assertAgree(inputGradient, 1e-5, 2e-6);
            }
        }
    }
}
