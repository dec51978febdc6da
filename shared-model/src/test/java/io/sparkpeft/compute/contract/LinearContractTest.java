package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.contract.backend.Twin;
import io.sparkpeft.compute.contract.backend.Twin.Pair;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearContractTest {
    private static final int[][] SHAPES = {
        {1, 1, 1}, {1, 17, 5}, {3, 1, 7}, {2, 3, 1}, {7, 13, 31}, {16, 16, 16}, {64, 48, 80}, {33, 65, 129}, {5, 4, 0}
    };

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void gemmIsTheProduct(String backend, boolean strided) {
        for (int[] shape : SHAPES) {
            for (int flags = 0; flags < 4; flags++) {
                boolean transposeA = (flags & 1) != 0;
                boolean transposeB = (flags & 2) != 0;
                int m = shape[0];
                int n = shape[1];
                int k = shape[2];
                try (Twin twin = new Twin(backend, strided)) {
                    Pair a = transposeA ? twin.random(k, m, 1) : twin.random(m, k, 1);
                    Pair b = transposeB ? twin.random(n, k, 1) : twin.random(k, n, 1);
                    Pair added = twin.random(m, n, 1);
                    Pair overwritten = twin.garbage(m, n);
                    twin.run((backendOf, t) -> {
                        backendOf.gemm(transposeA, transposeB, 0.75f, t.of(a), t.of(b), 0f, t.of(overwritten));
                        backendOf.gemm(transposeA, transposeB, -1f, t.of(a), t.of(b), 0.5f, t.of(added));
                    });
                    twin.assertAgree(overwritten, 1e-7 * (k + 1), 1e-6);
                    twin.assertAgree(added, 1e-7 * (k + 2), 1e-6);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void gemmReadsAndWritesPartsOfOneTensor(String backend, boolean strided) {
        try (Twin twin = new Twin(backend, strided)) {
            Pair all = twin.random(12, 40, 1);
            twin.run((b, t) -> {
                Tensor left = b.columns(t.of(all), 0, 12);
                Tensor right = b.columns(t.of(all), 13, 12);
                b.gemm(false, true, 1f, left, right, 0f, b.columns(t.of(all), 26, 12));
            });
            twin.assertAgree(all, 2e-6, 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void biasesAndSumsOfRows(String backend, boolean strided) {
        for (int[] shape : new int[][] {{1, 1}, {5, 3}, {9, 16}, {70, 37}, {3, 130}}) {
            try (Twin twin = new Twin(backend, strided)) {
                Pair x = twin.random(shape[0], shape[1], 1);
                Pair bias = twin.random(1, shape[1], 1);
                Pair sum = twin.garbage(1, shape[1]);
                Pair scaled = twin.random(shape[0], shape[1], 1);
                twin.run((b, t) -> {
                    b.addBias(t.of(bias), t.of(x), t.of(x));
                    b.sumRows(t.of(x), t.of(sum));
                    b.add(-0.3f, t.of(x), t.of(scaled));
                });
                twin.assertAgree(x, 0, 1e-6);
                twin.assertAgree(sum, 1e-6 * shape[0], 1e-6);
                twin.assertAgree(scaled, 1e-6, 1e-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void rowsOfBiasesAreWhatProductsAreAddedTo(String backend, boolean strided) {
        for (int[] shape : new int[][] {{1, 1}, {5, 3}, {9, 16}, {70, 37}, {3, 130}}) {
            try (Twin twin = new Twin(backend, strided)) {
                Pair bias = twin.random(1, shape[1], 1);
                Pair residual = twin.random(shape[0], shape[1], 1);
                Pair rows = twin.garbage(shape[0], shape[1]);
                Pair sum = twin.garbage(shape[0], shape[1]);
                twin.run((b, t) -> {
                    b.fillRows(t.of(bias), t.of(rows));
                    b.addBias(t.of(bias), t.of(residual), t.of(sum));
                    b.multiply(t.of(rows), t.of(residual));
                });
                twin.assertAgree(rows, 0, 0);
                twin.assertAgree(sum, 0, 1e-6);
                twin.assertAgree(residual, 0, 1e-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void squaresOfProductsExampleByExample(String backend, boolean strided) {
        int[][] examples = {{0, 1}, {0, 1, 2, 2, 3}, {0, 4, 4, 9, 10}, {0, 40, 70}};
        for (int[] bounds : examples) {
            for (int[] shape : new int[][] {{1, 1}, {5, 37}, {300, 260}}) {
                try (Twin twin = new Twin(backend, strided)) {
                    Pair left = twin.random(bounds[bounds.length - 1], shape[0], 1);
                    Pair right = twin.random(bounds[bounds.length - 1], shape[1], 1);
                    Pair sums = twin.random(shape[0], shape[1], 1);
                    twin.run((b, t) -> b.addSquaredProducts(t.of(left), t.of(right), bounds, t.of(sums)));
                    twin.assertAgree(sums, 1e-5, 1e-5);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void copiesFillsAndViews(String backend, boolean strided) {
        try (Twin twin = new Twin(backend, strided)) {
            Pair x = twin.random(7, 19, 1);
            Pair y = twin.garbage(7, 19);
            twin.run((b, t) -> {
                b.copy(t.of(x), t.of(y));
                b.fill(b.rows(t.of(y), 2, 2), 0.25f);
                b.fill(b.columns(t.of(y), 4, 3), -2f);
            });
            twin.assertAgree(y, 0, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void reshapedViewsShareMemory(String backend) {
        try (Twin twin = new Twin(backend, false)) {
            Pair x = twin.random(6, 8, 1);
            twin.run((b, t) -> b.fill(b.reshape(t.of(x), 5, 3, 4), 9f));
            twin.assertAgree(x, 0, 0);
            Backend b = twin.tested();
            Tensor gaps = b.columns(x.tested(), 1, 3);
            assertThatThrownBy(() -> b.reshape(gaps, 0, 2, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("gaps");
            assertThatThrownBy(() -> b.reshape(x.tested(), 40, 3, 3)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> b.rows(x.tested(), 4, 3)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> b.columns(x.tested(), -1, 3)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void wrongShapesAreNamed(String backend) {
        try (Twin twin = new Twin(backend, false)) {
            Backend b = twin.tested();
            Tensor a = b.allocate(2, 3);
            Tensor c = b.allocate(2, 2);
            assertThatThrownBy(() -> b.gemm(false, false, 1f, a, a, 0f, c))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("gemm")
                    .hasMessageContaining("[2, 3], [2, 3], [2, 2]");
            assertThatThrownBy(() -> b.add(1f, a, c)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> b.addBias(c, a, a)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> b.upload(new float[5], 0, a)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void newTensorsAreZeroAndRoundTripsKeepBits(String backend) {
        try (Twin twin = new Twin(backend, false)) {
            Backend b = twin.tested();
            Tensor x = b.allocate(5, 7);
            assertThat(twin.values(x)).containsOnly(0f);
            float[] values = new float[40];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(i) * 1e-3f;
            }
            b.upload(values, 3, x);
            float[] back = new float[50];
            b.download(x, back, 10);
            for (int i = 0; i < 35; i++) {
                assertThat(back[10 + i]).isEqualTo(values[3 + i]);
            }
            b.free(x);
        }
    }
}
