package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.contract.backend.Twin;
import io.sparkpeft.compute.contract.backend.Twin.Pair;
import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IndexContractTest {
    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void sampledEntriesAreThoseOfTheProduct(String backend, boolean strided) {
        for (int[] shape : new int[][] {{1, 1, 1}, {3, 5, 7}, {17, 16, 33}, {600, 40, 21}, {1100, 8, 70}}) {
            int rows = shape[0];
            int left = shape[1];
            int right = shape[2];
            int[] indices = IntStream.range(0, left * right)
                    .filter(i -> CounterRandom.uniform(5, i) < 0.2 || i == left * right - 1)
                    .toArray();
            Entries entries = Entries.of(indices, left, right);
            try (Twin twin = new Twin(backend, strided)) {
                Pair a = twin.random(rows, left, 1);
                Pair b = twin.random(rows, right, 1);
                Pair product = twin.garbage(left, right);
                float[] sums = new float[indices.length + 2];
                Arrays.fill(sums, 0.5f);
                twin.tested().addSampledProduct(a.tested(), b.tested(), entries, sums, 1);
                twin.run((backendOf, t) -> backendOf.gemm(true, false, 1f, t.of(a), t.of(b), 0f, t.of(product)));
                float[] whole = twin.values(product.tested());
                assertThat(sums[0]).isEqualTo(0.5f);
                assertThat(sums[sums.length - 1]).isEqualTo(0.5f);
                for (int i = 0; i < indices.length; i++) {
                    assertThat((double) sums[i + 1])
                            .isCloseTo(0.5 + whole[indices[i]], within(1e-7 * (rows + 4) + 1e-6));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void rowsByIndex(String backend, boolean strided) {
        int[] ids = {4, 0, 4, 2, 4};
        for (int columns : new int[] {1, 7, 16, 50}) {
            try (Twin twin = new Twin(backend, strided)) {
                Pair table = twin.random(6, columns, 1);
                Pair gathered = twin.garbage(5, columns);
                Pair added = twin.random(5, columns, 1);
                Pair source = twin.random(5, columns, 1);
                twin.run((b, t) -> {
                    b.gatherRows(t.of(table), ids, t.of(gathered));
                    b.addGatheredRows(t.of(table), ids, t.of(added));
                    b.scatterAddRows(t.of(source), ids, t.of(table));
                });
                twin.assertAgree(gathered, 0, 0);
                twin.assertAgree(added, 0, 1e-6);
                twin.assertAgree(table, 1e-6, 1e-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void columnsByIndex(String backend, boolean strided) {
        int[] ids = {4, 0, 4, 6};
        for (int rows : new int[] {1, 7, 16, 33}) {
            try (Twin twin = new Twin(backend, strided)) {
                Pair source = twin.random(rows, 7, 1);
                Pair gathered = twin.garbage(rows, 4);
                twin.run((b, t) -> b.gatherColumns(t.of(source), ids, t.of(gathered)));
                twin.assertAgree(gathered, 0, 0);
                float[] values = twin.values(gathered.tested());
                for (int i = 0; i < values.length; i++) {
                    assertThat(values[i]).isEqualTo(twin.values(source.tested())[i / 4 * 7 + ids[i % 4]]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void squares(String backend, boolean strided) {
        int[] ids = {3, 0, 5};
        for (int columns : new int[] {1, 9, 32, 41}) {
            try (Twin twin = new Twin(backend, strided)) {
                Pair source = twin.random(3, columns, 2);
                Pair sum = twin.random(3, columns, 1);
                Pair rows = twin.random(6, columns, 1);
                Pair column = twin.random(1, columns, 1);
                twin.run((b, t) -> {
                    b.addSquares(t.of(source), t.of(sum));
                    b.addSquaredRows(t.of(source), ids, t.of(rows));
                    b.addColumnSquares(t.of(source), t.of(column));
                });
                twin.assertAgree(sum, 1e-6, 1e-6);
                twin.assertAgree(rows, 1e-6, 1e-6);
                twin.assertAgree(column, 1e-6, 1e-6);
            }
        }
    }

    /** Gather after scatter is the identity, and scatter touches nothing else. */
    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void entriesByIndex(String backend, boolean strided) {
        int[] indices = {0, 3, 18, 19, 34};
        float[] values = {9f, 1f, 2f, -0f, 4f, 5f};
        try (Twin twin = new Twin(backend, strided)) {
            Pair x = twin.random(5, 7, 1);
            float[] before = twin.values(x.tested());
            twin.run((b, t) -> b.scatter(values, 1, indices, t.of(x)));
            twin.assertAgree(x, 0, 0);
            float[] gathered = new float[7];
            Arrays.fill(gathered, 0.5f);
            twin.tested().addGathered(x.tested(), indices, gathered, 1);
            assertThat(gathered).containsExactly(0.5f, 1.5f, 2.5f, 0.5f, 4.5f, 5.5f, 0.5f);
            float[] after = twin.values(x.tested());
            for (int i = 0; i < after.length; i++) {
                if (Arrays.binarySearch(indices, i) < 0) {
                    assertThat(Float.floatToRawIntBits(after[i])).isEqualTo(Float.floatToRawIntBits(before[i]));
                }
            }
            assertThat(Float.floatToRawIntBits(after[19])).isEqualTo(Float.floatToRawIntBits(4f));
            assertThat(Float.floatToRawIntBits(after[18])).isEqualTo(Float.floatToRawIntBits(-0f));
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void addAllAddsRowMajor(String backend, boolean strided) {
        for (int columns : new int[] {1, 16, 37}) {
            try (Twin twin = new Twin(backend, strided)) {
                Pair x = twin.random(4, columns, 1);
                float[] values = twin.values(x.tested());
                float[] target = new float[4 * columns + 3];
                Arrays.fill(target, 2f);
                twin.tested().addAll(x.tested(), target, 2);
                assertThat(target[1]).isEqualTo(2f);
                assertThat(target[target.length - 1]).isEqualTo(2f);
                for (int i = 0; i < values.length; i++) {
                    assertThat(target[2 + i]).isEqualTo(2f + values[i]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void theNormIsSummedInDoubleForEveryLength(String backend) {
        try (Twin twin = new Twin(backend, false)) {
            for (int size : new int[] {0, 1, 7, 16, 31, 33, 1000, 16_384, 16_385, 40_001}) {
                float[] values = new float[size];
                double squares = 0;
                for (int i = 0; i < size; i++) {
                    values[i] = (float) CounterRandom.normal(size, i);
                    squares += (double) values[i] * values[i];
                }
                double expected = Math.sqrt(squares);
                assertThat(twin.tested().norm(values)).isCloseTo(expected, within(1e-12 * expected));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void theNormOfHugeEntriesIsFiniteAndOfBrokenOnesIsNot(String backend) {
        try (Twin twin = new Twin(backend, false)) {
            float[] huge = new float[100];
            Arrays.fill(huge, Float.MAX_VALUE);
            assertThat(twin.tested().norm(huge)).isCloseTo(10.0 * Float.MAX_VALUE, withinPercentage(1e-9));
            for (int place : new int[] {0, 40, 99}) {
                float[] broken = new float[100];
                broken[place] = Float.NaN;
                assertThat(twin.tested().norm(broken)).isNaN();
                broken[place] = Float.NEGATIVE_INFINITY;
                assertThat(twin.tested().norm(broken)).isInfinite();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void idsOutsideTheTableAreNamed(String backend) {
        try (Twin twin = new Twin(backend, false)) {
            Backend b = twin.tested();
            Tensor table = b.allocate(3, 4);
            Tensor rows = b.allocate(2, 4);
            assertThatThrownBy(() -> b.gatherRows(table, new int[] {1, 3}, rows))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("row id 3 at 1")
                    .hasMessageContaining("3 rows");
            Tensor columns = b.allocate(3, 2);
            assertThatThrownBy(() -> b.gatherColumns(table, new int[] {1, 4}, columns))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column id 4 at 1")
                    .hasMessageContaining("4 columns");
        }
    }
}
