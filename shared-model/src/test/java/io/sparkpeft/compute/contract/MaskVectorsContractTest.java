package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.optim.AdamW;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.StepVectors;
import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors of masks do what the same does to arrays, wherever a backend keeps them. */
class MaskVectorsContractTest {
    private static final String BACKENDS = "io.sparkpeft.compute.contract.backend.Twin#backends";
    private static final int ROWS = 40;
    private static final int COLUMNS = 250;
    private static final int OFFSET = 3;

    private static float[] normals(long key, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) CounterRandom.normal(key, i);
        }
        return values;
    }

    private static int[] chosen(long key, double share) {
        return IntStream.range(0, ROWS * COLUMNS)
                .filter(i -> CounterRandom.uniform(key, i) < share)
                .toArray();
    }

    /** A view with gaps, so that strides count. */
    private static Tensor tensor(Backend backend, float[] values, int rows, int columns) {
        Tensor tensor = backend.columns(backend.allocate(rows, columns + 5), 2, columns);
        backend.upload(values, 0, tensor);
        return tensor;
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void valuesGoAndComeBack(String name) {
        try (Backend backend = BackendProvider.create(name)) {
            MaskVectors vectors = backend.vectors();
            float[] values = normals(1, 100);
            MaskVector vector = vectors.copyOf(values.clone());
            assertThat(vector.size()).isEqualTo(100);
            vectors.clear(vector, 10, 20);
            vectors.scale(0.5f, vector);
            MaskVector part = vectors.allocate(30);
            assertThat(vectors.array(part)).containsOnly(0f);
            vectors.copy(vector, 25, part);
            float[] expected = new float[100];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = i >= 10 && i < 30 ? 0f : values[i] * 0.5f;
            }
            assertThat(vectors.array(vector)).containsExactly(expected);
            assertThat(vectors.array(part)).containsExactly(Arrays.copyOfRange(expected, 25, 55));
            vectors.write(values, vector);
            assertThat(vectors.array(vector)).containsExactly(values);
            assertThat(vectors.array(vectors.view(values))).containsExactly(values);
            assertThat(vectors.array(vectors.allocate(0))).isEmpty();
            vectors.free(vector);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void wholeTensorsAreSetAddedAndStored(String name) {
        float[] values = normals(2, ROWS * COLUMNS);
        try (Backend backend = BackendProvider.create(name)) {
            MaskVectors vectors = backend.vectors();
            Tensor tensor = tensor(backend, values, ROWS, COLUMNS);
            MaskVector vector = vectors.allocate(values.length + 2 * OFFSET);
            vectors.set(tensor, vector, OFFSET);
            vectors.addAll(tensor, vector, OFFSET);
            float[] expected = new float[values.length + 2 * OFFSET];
            for (int i = 0; i < values.length; i++) {
                expected[OFFSET + i] = values[i] + values[i];
            }
            assertThat(Arrays.equals(vectors.array(vector), expected)).isTrue();
            vectors.store(vector, OFFSET, tensor);
            float[] stored = new float[values.length];
            backend.download(tensor, stored, 0);
            assertThat(Arrays.equals(stored, 0, stored.length, expected, OFFSET, OFFSET + stored.length))
                    .isTrue();
        }
    }

    /** Few entries and many, since a backend may take another way for each. */
    @ParameterizedTest
    @MethodSource(BACKENDS)
    void chosenEntriesAreGatheredAndScattered(String name) {
        float[] values = normals(3, ROWS * COLUMNS);
        for (double share : new double[] {0.002, 0.1, 0.7}) {
            int[] indices = chosen(4, share);
            try (Backend backend = BackendProvider.create(name)) {
                MaskVectors vectors = backend.vectors();
                Tensor tensor = tensor(backend, values, ROWS, COLUMNS);
                MaskVector vector = vectors.copyOf(normals(5, indices.length + OFFSET));
                float[] expected = vectors.array(vector).clone();
                vectors.addGathered(tensor, indices, vector, OFFSET);
                for (int i = 0; i < indices.length; i++) {
                    expected[OFFSET + i] += values[indices[i]];
                }
                assertThat(Arrays.equals(vectors.array(vector), expected)).isTrue();
                vectors.scatter(vector, OFFSET, indices, tensor);
                float[] written = values.clone();
                for (int i = 0; i < indices.length; i++) {
                    written[indices[i]] = expected[OFFSET + i];
                }
                float[] found = new float[values.length];
                backend.download(tensor, found, 0);
                assertThat(Arrays.equals(found, written)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void chosenEntriesOfAProductAreAdded(String name) {
        int n = 33;
        float[] left = normals(6, n * ROWS);
        float[] right = normals(7, n * COLUMNS);
        for (double share : new double[] {0.002, 0.2}) {
            Entries entries = Entries.of(chosen(8, share), ROWS, COLUMNS);
            try (Backend backend = BackendProvider.create(name)) {
                MaskVectors vectors = backend.vectors();
                MaskVector vector = vectors.copyOf(normals(9, entries.count() + OFFSET));
                float[] before = vectors.array(vector).clone();
                vectors.addSampledProduct(
                        tensor(backend, left, n, ROWS), tensor(backend, right, n, COLUMNS), entries, vector, OFFSET);
                float[] found = vectors.array(vector);
                assertThat(entries.count()).isPositive();
                for (int i = 0; i < entries.count(); i++) {
                    int row = entries.indices()[i] / COLUMNS;
                    double sum = before[OFFSET + i];
                    for (int r = 0; r < n; r++) {
                        sum += (double) left[r * ROWS + row] * right[r * COLUMNS + entries.indices()[i] % COLUMNS];
                    }
                    assertThat((double) found[OFFSET + i]).isCloseTo(sum, within(2e-5));
                }
                assertThat(Arrays.copyOf(found, OFFSET)).containsExactly(Arrays.copyOf(before, OFFSET));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void rowsAreAddedWhereTheyBelong(String name) {
        int[] ids = {1, 2, 17, 39, -1};
        float[] values = normals(10, 4 * COLUMNS);
        Entries entries = Entries.of(chosen(11, 0.3), ROWS, COLUMNS);
        try (Backend backend = BackendProvider.create(name)) {
            MaskVectors vectors = backend.vectors();
            Tensor rows = tensor(backend, values, 4, COLUMNS);
            MaskVector whole = vectors.copyOf(normals(12, ROWS * COLUMNS + OFFSET));
            float[] expected = vectors.array(whole).clone();
            vectors.addRows(rows, ids, whole, OFFSET);
            MaskVector some = vectors.copyOf(normals(13, entries.count() + OFFSET));
            float[] expectedSome = vectors.array(some).clone();
            vectors.addRows(rows, ids, entries, some, OFFSET);
            for (int r = 0; r < 4; r++) {
                for (int c = 0; c < COLUMNS; c++) {
                    expected[OFFSET + ids[r] * COLUMNS + c] += values[r * COLUMNS + c];
                    int place = Arrays.binarySearch(entries.indices(), ids[r] * COLUMNS + c);
                    if (place >= 0) {
                        expectedSome[OFFSET + place] += values[r * COLUMNS + c];
                    }
                }
            }
            assertThat(Arrays.equals(vectors.array(whole), expected)).isTrue();
            assertThat(Arrays.equals(vectors.array(some), expectedSome)).isTrue();
        }
    }

    /** Adam has the bits of the processor's loop wherever it is done. */
    @ParameterizedTest
    @MethodSource(BACKENDS)
    void adamHasTheBitsOfTheLoop(String name) {
        int size = 5000;
        OptimizerSettings settings = new OptimizerSettings("adamw", 0.9, 0.999, 1e-8, 0.1);
        float[] values = normals(14, size);
        OptimizerState moments = OptimizerState.zeros(size);
        try (Backend backend = BackendProvider.create(name)) {
            MaskVectors vectors = backend.vectors();
            StepVectors state = new StepVectors(
                    vectors.copyOf(values), vectors.allocate(size), vectors.allocate(size), vectors.allocate(size));
            for (int step = 1; step <= 4; step++) {
                float[] gradient = normals(20 + step, size);
                gradient[7] = 0f;
                vectors.write(gradient, state.gradient());
                new AdamW().step(values, gradient, moments, settings, 0.01, step);
                new AdamW().step(vectors, state, settings, 0.01, step);
            }
            assertThat(Arrays.equals(vectors.array(state.first()), moments.first()))
                    .isTrue();
            assertThat(Arrays.equals(vectors.array(state.second()), moments.second()))
                    .isTrue();
            assertThat(Arrays.equals(vectors.array(state.values()), values)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void normsAreSummedInDouble(String name) {
        try (Backend backend = BackendProvider.create(name)) {
            MaskVectors vectors = backend.vectors();
            for (int size : new int[] {0, 1, 33, 16_384, 16_385, 40_001}) {
                float[] values = normals(size, size);
                double squares = 0;
                for (float value : values) {
                    squares += (double) value * value;
                }
                assertThat(vectors.norm(vectors.copyOf(values)))
                        .isCloseTo(Math.sqrt(squares), within(1e-12 * Math.sqrt(squares)));
            }
            assertThat(vectors.norm(vectors.copyOf(new float[] {1f, Float.NaN})))
                    .isNaN();
            assertThat(vectors.norm(vectors.copyOf(new float[] {1f, Float.NEGATIVE_INFINITY})))
                    .isInfinite();
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void vectorsOfAnotherKindAreRefused(String name) {
        MaskVector foreign = () -> 3;
        try (Backend backend = BackendProvider.create(name)) {
            assertThatThrownBy(() -> backend.vectors().norm(foreign))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another backend made it");
        }
    }
}
