package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.contract.backend.Twin;
import io.sparkpeft.compute.contract.backend.Twin.Pair;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossContractTest {
    private static final int[][] SHAPES = {{1, 1}, {3, 2}, {8, 16}, {5, 33}, {17, 1000}};

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void crossEntropyAndItsGradient(String backend, boolean strided) {
        for (int[] shape : SHAPES) {
            int rows = shape[0];
            int[] labels = new int[rows];
            float[] scale = new float[rows];
            for (int r = 0; r < rows; r++) {
                labels[r] = r % 3 == 2 ? -1 : (r * 7) % shape[1];
                scale[r] = 0.1f + r;
            }
            try (Twin twin = new Twin(backend, strided)) {
                Pair logits = twin.random(rows, shape[1], 8);
                Pair gradient = twin.garbage(rows, shape[1]);
                Map<Backend, float[]> losses = new HashMap<>();
                Map<Backend, float[]> lossesAlone = new HashMap<>();
                twin.run((b, t) -> {
                    losses.put(b, new float[rows]);
                    lossesAlone.put(b, new float[rows]);
                    b.crossEntropy(t.of(logits), labels, lossesAlone.get(b));
                    b.crossEntropy(t.of(logits), labels, scale, losses.get(b), t.of(gradient));
                    b.crossEntropy(t.of(logits), labels, scale, new float[rows], t.of(logits));
                });
                twin.assertAgree(gradient, 1e-6 * rows, 2e-6);
                twin.assertAgree(logits, 1e-6 * rows, 2e-6);
                float[] expected = new float[rows];
                losses.forEach((b, found) -> {
                    if (b != twin.tested()) {
                        System.arraycopy(found, 0, expected, 0, rows);
                    }
                });
                for (int r = 0; r < rows; r++) {
                    assertThat((double) losses.get(twin.tested())[r]).isCloseTo(expected[r], within(expected[r]));
                    assertThat((double) lossesAlone.get(twin.tested())[r]).isCloseTo(expected[r], within(expected[r]));
                    if (labels[r] < 0) {
                        assertThat(losses.get(twin.tested())[r]).isZero();
                    }
                }
            }
        }
    }

    private static org.assertj.core.data.Offset<Double> within(float expected) {
        return org.assertj.core.api.Assertions.within(2e-6 + 2e-6 * Math.abs(expected));
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void softmaxOfSmallAndHugeLogits(String backend, boolean strided) {
        for (int[] shape : SHAPES) {
            for (double spread : new double[] {0.1, 5, 1000}) {
                try (Twin twin = new Twin(backend, strided)) {
                    Pair x = twin.random(shape[0], shape[1], spread);
                    Pair y = twin.garbage(shape[0], shape[1]);
                    twin.run((b, t) -> {
                        b.softmax(t.of(x), t.of(y));
                        b.softmax(t.of(x), t.of(x));
                    });
                    twin.assertAgree(y, 1e-6, 2e-6);
                    twin.assertAgree(x, 1e-6, 2e-6);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void labelsOutsideTheClassesAreRefusedAndNaNShows(String backend) {
        try (Twin twin = new Twin(backend, false)) {
            Backend b = twin.tested();
            Tensor logits = b.allocate(2, 20);
            assertThatThrownBy(() -> b.crossEntropy(logits, new int[] {0, 20}, new float[2]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("label 20 in row 1");
            b.fill(b.columns(logits, 3, 1), Float.NaN);
            float[] losses = new float[2];
            b.crossEntropy(logits, new int[] {0, 1}, losses);
            assertThat(losses[0]).isNaN();
        }
    }
}
