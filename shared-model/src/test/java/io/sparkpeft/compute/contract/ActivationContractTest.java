package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.contract.backend.Twin;
import io.sparkpeft.compute.contract.backend.Twin.Pair;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationContractTest {
    private static final int[][] SHAPES = {{1, 1}, {3, 5}, {4, 16}, {7, 67}};

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void valuesAndDerivatives(String backend, boolean strided) {
        for (Activation activation : Activation.values()) {
            for (int[] shape : SHAPES) {
                for (double spread : new double[] {0.01, 4, 40}) {
                    try (Twin twin = new Twin(backend, strided)) {
                        Pair x = twin.random(shape[0], shape[1], spread);
                        Pair y = twin.garbage(shape[0], shape[1]);
                        Pair gradient = twin.random(shape[0], shape[1], 1);
                        Pair result = twin.garbage(shape[0], shape[1]);
                        twin.run((b, t) -> {
                            b.activate(activation, t.of(x), t.of(y));
                            b.activateBackward(activation, t.of(x), t.of(gradient), t.of(result));
                            b.activateBackward(activation, t.of(x), t.of(gradient), t.of(gradient));
                            b.activate(activation, t.of(x), t.of(x));
                        });
                        double absolute = 3e-7 * Math.min(1, spread);
                        twin.assertAgree(y, absolute, 1e-6);
                        twin.assertAgree(x, absolute, 1e-6);
                        twin.assertAgree(result, 1e-6, 1e-6);
                        twin.assertAgree(gradient, 1e-6, 1e-6);
                    }
                }
            }
        }
    }

    /** The same bits as from the two kernels by themselves, so that a recomputed forward pass is the same. */
    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void valueAndDerivativeAtOnce(String backend, boolean strided) {
        for (Activation activation : Activation.values()) {
            for (int[] shape : SHAPES) {
                try (Twin twin = new Twin(backend, strided)) {
                    Pair x = twin.random(shape[0], shape[1], 4);
                    Pair apart = twin.garbage(shape[0], shape[1]);
                    Pair together = twin.garbage(shape[0], shape[1]);
                    Pair slope = twin.of(shape[0], shape[1], i -> 1);
                    twin.run((b, t) -> {
                        b.activate(activation, t.of(x), t.of(apart));
                        b.activateBackward(activation, t.of(x), t.of(slope), t.of(slope));
                        b.activateForTraining(activation, t.of(x), t.of(together));
                    });
                    assertThat(twin.values(together.tested())).containsExactly(twin.values(apart.tested()));
                    assertThat(twin.values(x.tested())).containsExactly(twin.values(slope.tested()));
                    twin.assertAgree(together, 3e-7, 1e-6);
                    twin.assertAgree(x, 1e-6, 1e-6);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void everyValueOfAFineGrid(String backend) {
        int n = 40001;
        for (Activation activation : Activation.values()) {
            try (Twin twin = new Twin(backend, false)) {
                Pair x = twin.of(1, n, i -> (i - n / 2) * (20.0 / n));
                Pair y = twin.garbage(1, n);
                Pair ones = twin.of(1, n, i -> 1);
                twin.run((b, t) -> {
                    b.activate(activation, t.of(x), t.of(y));
                    b.activateBackward(activation, t.of(x), t.of(ones), t.of(ones));
                });
                twin.assertAgree(y, 3e-7, 5e-7);
                // Beside the kink of ReLU a rounded 0 would decide, but the grid holds 0 itself.
                twin.assertAgree(ones, 5e-7, 5e-7);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void extremesStayFiniteAndNaNStaysNaN(String backend) {
        float[] extremes = {-1e4f, -200f, -89f, 89f, 200f, 1e4f};
        for (Activation activation : Activation.values()) {
            try (Twin twin = new Twin(backend, false)) {
                Pair x = twin.of(1, extremes.length, i -> extremes[i]);
                Pair gradient = twin.of(1, extremes.length, i -> 1);
                twin.run((b, t) -> {
                    b.activateBackward(activation, t.of(x), t.of(gradient), t.of(gradient));
                    b.activate(activation, t.of(x), t.of(x));
                });
                twin.assertAgree(x, 1e-6, 1e-6);
                twin.assertAgree(gradient, 1e-6, 1e-6);
                Pair nan = twin.of(1, 21, i -> Double.NaN);
                twin.run((b, t) -> b.activate(activation, t.of(nan), t.of(nan)));
                for (float value : twin.values(nan.tested())) {
                    assertThat(value).isNaN();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void gatedSilu(String backend, boolean strided) {
        for (int[] shape : SHAPES) {
            try (Twin twin = new Twin(backend, strided)) {
                Pair gate = twin.random(shape[0], shape[1], 5);
                Pair up = twin.random(shape[0], shape[1], 2);
                Pair y = twin.garbage(shape[0], shape[1]);
                Pair gradient = twin.random(shape[0], shape[1], 1);
                Pair gateGradient = twin.garbage(shape[0], shape[1]);
                twin.run((b, t) -> {
                    b.gatedSilu(t.of(gate), t.of(up), t.of(y));
                    b.gatedSiluBackward(t.of(gate), t.of(up), t.of(gradient), t.of(gateGradient), t.of(gradient));
                    b.gatedSilu(t.of(gate), t.of(up), t.of(gate));
                });
                twin.assertAgree(y, 1e-6, 1e-6);
                twin.assertAgree(gateGradient, 1e-6, 1e-6);
                twin.assertAgree(gradient, 1e-6, 1e-6);
                twin.assertAgree(gate, 1e-6, 1e-6);
            }
        }
    }
}
