package io.sparkpeft.param.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.toy.ToyMasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights read piece by piece, from wherever, are the bits that {@link Parameters} give. */
class WeightSourceTest {
    /** The first tensor is larger than a piece. */
    private static final ParameterLayout LAYOUT = new ParameterLayout(List.of(
            new TensorSpec("table", 700, 211, TensorKind.EMBEDDING, TensorRole.BODY),
            new TensorSpec("turned", 13, 29, TensorKind.CONV1D, TensorRole.BODY),
            new TensorSpec("bias", 1, 29, TensorKind.VECTOR, TensorRole.FROZEN),
            new TensorSpec("head", 3, 13, TensorKind.LINEAR, TensorRole.HEAD)));

    private static Parameters anyBits(long seed) {
        Parameters parameters = Parameters.zeros(LAYOUT);
        for (int t = 0; t < LAYOUT.count(); t++) {
            float[] values = parameters.tensor(t);
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat((int) CounterRandom.mix(seed + t, i));
            }
        }
        return parameters;
    }

    private static void requireSame(WeightSource actual, Parameters expected) {
        assertThat(actual.layout()).isEqualTo(expected.layout());
        for (int t = 0; t < LAYOUT.count(); t++) {
            assertThat(bits(actual.tensor(t))).isEqualTo(bits(expected.tensor(t)));
            for (int draw = 0; draw < 40; draw++) {
                int size = LAYOUT.tensor(t).size();
                int from = (int) (CounterRandom.uniform(draw, 1) * size);
                int count = (int) (CounterRandom.uniform(draw, 2) * (size - from));
                float[] piece = new float[count + 5];
                float[] wanted = new float[count + 5];
                actual.read(t, from, count, piece, 3);
                System.arraycopy(expected.tensor(t), from, wanted, 3, count);
                assertThat(bits(piece)).isEqualTo(bits(wanted));
            }
        }
        assertThat(actual.fingerprint()).isEqualTo(expected.fingerprint());
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private static WeightFile written(Path directory, Parameters parameters) {
        WeightFile file = WeightFile.create(directory, LAYOUT);
        for (int t = LAYOUT.count() - 1; t >= 0; t--) {
            int tensor = t;
            parameters.forEachPiece(t, (from, count, values) -> file.write(tensor, from, count, values));
        }
        return file;
    }

    @Test
    void aFileGivesTheBitsThatWereWrittenAndLeavesNoName(@TempDir Path directory) {
        Parameters parameters = anyBits(1);
        try (WeightFile file = written(directory, parameters)) {
            assertThat(directory).isEmptyDirectory();
            requireSame(file, parameters);
        }
    }

    @Test
    void aFileServesOtherThreadsAfterOneWasInterrupted(@TempDir Path directory) throws InterruptedException {
        Parameters parameters = anyBits(2);
        try (WeightFile file = written(directory, parameters)) {
            List<Thread> threads = new ArrayList<>();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            for (int i = 0; i < 3; i++) {
                boolean interrupted = i == 1;
                threads.add(new Thread(() -> {
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    requireSame(file, parameters);
                }));
            }
            threads.forEach(thread -> thread.setUncaughtExceptionHandler((t, e) -> failure.set(e)));
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).isNull();
            requireSame(file, parameters);
        }
    }

    @Test
    void aFileRefusesRangesOutsideATensor(@TempDir Path directory) {
        try (WeightFile file = WeightFile.create(directory, LAYOUT)) {
            assertThatThrownBy(() -> file.read(3, 38, 2, new float[2], 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Invalid range of tensor head: 2 values from 38 on, it has 39");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.6, 1})
    void prunedWeightsAreZeroAndTheOthersKeepTheirBits(double density) {
        ParameterMask kept = ToyMasks.random(LAYOUT, 5, density);
        Parameters expected = anyBits(3);
        kept.zeroOutside(expected);
        requireSame(new PrunedWeights(anyBits(3), kept), expected);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.6, 1})
    void tunedWeightsAreReplacedAndTheOthersKeepTheirBits(double density) {
        MaskIndex index = new MaskIndex(ToyMasks.random(LAYOUT, 6, density));
        float[] values = index.gather(anyBits(4));
        Parameters expected = anyBits(3);
        index.scatter(values, expected);
        TunedWeights tuned = new TunedWeights(anyBits(3), index, values);
        requireSame(tuned, expected);
        assertThat(bits(index.gather(tuned))).isEqualTo(bits(values));
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 1000, 1 << 20})
    void aSliceIsCutFromWeightsAsFromATensor(int maximum) {
        Parameters parameters = anyBits(7);
        for (ParameterSlice slice : ParameterSlice.of(LAYOUT, TensorRole.BODY, maximum)) {
            assertThat(bits(slice.cut(parameters))).isEqualTo(bits(slice.cut(parameters.tensor(slice.tensor()))));
        }
    }
}
