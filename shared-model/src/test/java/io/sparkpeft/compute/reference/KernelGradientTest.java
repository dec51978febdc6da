package io.sparkpeft.compute.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.random.CounterRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The backward kernels are the derivatives of the forward kernels: central differences in double precision. */
class KernelGradientTest {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-8;

    private final ReferenceBackend backend = new ReferenceBackend();
    private long seed;

    /** Writes outputs from inputs. */
    private interface Forward {
        void run();
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activations(Activation activation) {
        ReferenceTensor x = random(3, 5);
        ReferenceTensor y = tensor(3, 5);
        ReferenceTensor dy = random(3, 5);
        ReferenceTensor dx = tensor(3, 5);
        backend.activateBackward(activation, x, dy, dx);
        assertGradient(() -> backend.activate(activation, x, y), x, y, dy, dx);
    }

    @Test
    void gatedSilu() {
        ReferenceTensor gate = random(3, 5);
        ReferenceTensor up = random(3, 5);
        ReferenceTensor y = tensor(3, 5);
        ReferenceTensor dy = random(3, 5);
        ReferenceTensor gateGradient = tensor(3, 5);
        ReferenceTensor upGradient = tensor(3, 5);
        backend.gatedSiluBackward(gate, up, dy, gateGradient, upGradient);
        Forward forward = () -> backend.gatedSilu(gate, up, y);
        assertGradient(forward, gate, y, dy, gateGradient);
        assertGradient(forward, up, y, dy, upGradient);
    }

    @Test
    void layerNorm() {
        ReferenceTensor x = random(4, 6);
        ReferenceTensor weight = random(1, 6);
        ReferenceTensor bias = random(1, 6);
        ReferenceTensor statistics = tensor(4, 2);
        ReferenceTensor y = tensor(4, 6);
        ReferenceTensor dy = random(4, 6);
        ReferenceTensor dx = tensor(4, 6);
        ReferenceTensor weightGradient = tensor(1, 6);
        ReferenceTensor biasGradient = tensor(1, 6);
        Forward forward = () -> backend.layerNorm(x, weight, bias, 1e-3f, statistics, y);
        forward.run();
        backend.layerNormBackward(x, weight, statistics, dy, dx);
        backend.layerNormWeightGradient(x, statistics, dy, weightGradient);
        backend.sumRows(dy, biasGradient);
        assertGradient(forward, x, y, dy, dx);
        assertGradient(forward, weight, y, dy, weightGradient);
        assertGradient(forward, bias, y, dy, biasGradient);
    }

    @Test
    void rootMeanSquareNorm() {
        ReferenceTensor x = random(4, 6);
        ReferenceTensor weight = random(1, 6);
        ReferenceTensor statistics = tensor(4, 1);
        ReferenceTensor y = tensor(4, 6);
        ReferenceTensor dy = random(4, 6);
        ReferenceTensor dx = tensor(4, 6);
        ReferenceTensor weightGradient = tensor(1, 6);
        Forward forward = () -> backend.rmsNorm(x, weight, 1e-3f, statistics, y);
        forward.run();
        backend.rmsNormBackward(x, weight, statistics, dy, dx);
        backend.rmsNormWeightGradient(x, statistics, dy, weightGradient);
        assertGradient(forward, x, y, dy, dx);
        assertGradient(forward, weight, y, dy, weightGradient);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void attention(int flags) {
        int[] offsets = {0, 3, 3, 8};
        Dropout dropout = (flags & 1) != 0 ? dropout(8) : Dropout.NONE;
        AttentionSpec spec = new AttentionSpec(4, 2, 3, (flags & 2) != 0, offsets, dropout);
        ReferenceTensor query = random(8, 12);
        ReferenceTensor key = random(8, 6);
        ReferenceTensor value = random(8, 6);
        ReferenceTensor probabilities = tensor(4, spec.probabilitiesPerHead());
        ReferenceTensor y = tensor(8, 12);
        ReferenceTensor dy = random(8, 12);
        QueryKeyValue input = new QueryKeyValue(query, key, value);
        ReferenceTensor queryGradient = tensor(8, 12);
        ReferenceTensor keyGradient = tensor(8, 6);
        ReferenceTensor valueGradient = tensor(8, 6);
        Forward forward = () -> backend.attention(spec, input, probabilities, y);
        forward.run();
        backend.attentionBackward(
                spec, input, probabilities, dy, new QueryKeyValue(queryGradient, keyGradient, valueGradient));
        assertGradient(forward, query, y, dy, queryGradient);
        assertGradient(forward, key, y, dy, keyGradient);
        assertGradient(forward, value, y, dy, valueGradient);
    }

    @Test
    void ropeTurnedBackIsItsGradient() {
        int[] positions = {0, 1, 5};
        ReferenceTensor x = random(3, 8);
        ReferenceTensor y = tensor(3, 8);
        ReferenceTensor dy = random(3, 8);
        ReferenceTensor dx = tensor(3, 8);
        backend.copy(dy, dx);
        backend.rope(dx, positions, 4, 100f, true);
        Forward forward = () -> {
            backend.copy(x, y);
            backend.rope(y, positions, 4, 100f, false);
        };
        assertGradient(forward, x, y, dy, dx);
    }

    @Test
    void crossEntropy() {
        int[] labels = {2, -1, 0, 4};
        float[] scale = {1f, 3f, 0.5f, 0.25f};
        ReferenceTensor logits = random(4, 5);
        ReferenceTensor gradient = tensor(4, 5);
        backend.crossEntropy(logits, labels, scale, new float[4], gradient);
        // The losses come out as floats; the same formula in double is what is differentiated.
        ReferenceTensor losses = tensor(4, 1);
        ReferenceTensor scales = tensor(4, 1);
        for (int r = 0; r < 4; r++) {
            scales.set(r, 0, scale[r]);
        }
        Forward forward = () -> {
            for (int r = 0; r < 4; r++) {
                double[] row = new double[5];
                for (int c = 0; c < 5; c++) {
                    row[c] = logits.get(r, c);
                }
                losses.set(r, 0, labels[r] < 0 ? 0 : ReferenceLoss.loss(row, labels[r]));
            }
        };
        assertGradient(forward, logits, losses, scales, gradient);
    }

    @Test
    void theErrorFunctionHasItsKnownValues() {
        assertThat(ReferenceActivations.erf(0)).isZero();
        assertThat(ReferenceActivations.erf(0.5)).isCloseTo(0.5204998778130465, within(1e-15));
        assertThat(ReferenceActivations.erf(-1)).isCloseTo(-0.8427007929497149, within(1e-15));
        assertThat(ReferenceActivations.erf(3)).isCloseTo(0.9999779095030014, within(1e-15));
        assertThat(ReferenceActivations.erf(40)).isEqualTo(1);
        assertThat(ReferenceActivations.erf(Double.NaN)).isNaN();
    }

    /** d Σ weights·outputs / d input, entry by entry. */
    private static void assertGradient(
            Forward forward,
            ReferenceTensor input,
            ReferenceTensor output,
            ReferenceTensor weights,
            ReferenceTensor gradient) {
        for (int r = 0; r < input.rows(); r++) {
            for (int c = 0; c < input.columns(); c++) {
                double x = input.get(r, c);
                input.set(r, c, x + STEP);
                forward.run();
                double above = dot(output, weights);
                input.set(r, c, x - STEP);
                forward.run();
                double below = dot(output, weights);
                input.set(r, c, x);
                double slope = (above - below) / (2 * STEP);
                assertThat(gradient.get(r, c))
                        .as("[%d, %d]", r, c)
                        .isCloseTo(slope, within(TOLERANCE * Math.max(1, Math.abs(slope))));
            }
        }
        forward.run();
    }

    private static double dot(ReferenceTensor a, ReferenceTensor b) {
        double[] left = a.values();
        double[] right = b.values();
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    private ReferenceTensor tensor(int rows, int columns) {
        return ReferenceTensor.of(backend.allocate(rows, columns));
    }

    private ReferenceTensor random(int rows, int columns) {
        ReferenceTensor tensor = tensor(rows, columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                tensor.set(r, c, CounterRandom.normal(11, seed++));
            }
        }
        return tensor;
    }

    private static Dropout dropout(int rows) {
        long[] keys = new long[rows];
        for (int r = 0; r < rows; r++) {
            keys[r] = CounterRandom.mix(5, r);
        }
        return new Dropout(0.4f, 2, keys);
    }
}
