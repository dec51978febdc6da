package io.sparkpeft.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.argument.Dropout;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
    private static final int N = 200_000;

    /** Mean and variance lie within five standard errors of those of the uniform distribution. */
    @Test
    void doublesAreUniform() {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < N; i++) {
            double u = CounterRandom.uniform(123L, i);
            assertThat(u >= 0 && u < 1).isTrue();
            sum += u;
            squares += (u - 0.5) * (u - 0.5);
        }
        assertThat(sum / N).isCloseTo(0.5, within(5 * Math.sqrt(1.0 / 12 / N)));
        assertThat(squares / N).isCloseTo(1.0 / 12, within(5 * Math.sqrt(1.0 / 180 / N)));
    }

    /** χ² over 64 bins of columns, rows and sites, with 63 degrees of freedom: beyond 120 has a chance of 2e−5. */
    @Test
    void dropoutNumbersAreUniformAlongColumnsRowsAndSites() {
        assertThat(chiSquare(i -> CounterRandom.uniform(CounterRandom.mix(1, 2), 3, i)))
                .isLessThan(120);
        assertThat(chiSquare(i -> CounterRandom.uniform(CounterRandom.mix(1, i), 3, 17)))
                .isLessThan(120);
        assertThat(chiSquare(i -> CounterRandom.uniform(CounterRandom.mix(1, 2), i, 17)))
                .isLessThan(120);
        assertThat(chiSquare(i -> CounterRandom.uniform(CounterRandom.mix(1, i / 450), 3, i % 450)))
                .isLessThan(120);
    }

    /** Neighbours in a row, in a column and between sites are uncorrelated. */
    @Test
    void neighboursAreIndependent() {
        double limit = 5 / Math.sqrt(N);
        assertThat(correlation(i -> uniform(i / 400, 0, i % 400), i -> uniform(i / 400, 0, i % 400 + 1)))
                .isCloseTo(0, within(limit));
        assertThat(correlation(i -> uniform(i / 400, 0, i % 400), i -> uniform(i / 400 + 1, 0, i % 400)))
                .isCloseTo(0, within(limit));
        assertThat(correlation(i -> uniform(i / 400, 0, i % 400), i -> uniform(i / 400, 1, i % 400)))
                .isCloseTo(0, within(limit));
    }

    @Test
    void normalsHaveTheMomentsOfTheNormalDistribution() {
        double[] moments = new double[5];
        for (int i = 0; i < N; i++) {
            double z = CounterRandom.normal(77L, i);
            double power = 1;
            for (int k = 0; k < 5; k++) {
                moments[k] += power / N;
                power *= z;
            }
        }
        assertThat(moments[1]).isCloseTo(0, within(5 / Math.sqrt(N)));
        assertThat(moments[2]).isCloseTo(1, within(5 * Math.sqrt(2.0 / N)));
        assertThat(moments[3]).isCloseTo(0, within(5 * Math.sqrt(15.0 / N)));
        assertThat(moments[4]).isCloseTo(3, within(5 * Math.sqrt(96.0 / N)));
    }

    @Test
    void permutationsHoldEveryNumberOnceAndAreFair() {
        int n = 1000;
        int[] order = CounterRandom.permutation(5L, n);
        BitSet seen = new BitSet();
        for (int value : order) {
            seen.set(value);
        }
        assertThat(order).hasSize(n);
        assertThat(seen.cardinality()).isEqualTo(n);
        assertThat(CounterRandom.permutation(5L, n)).containsExactly(order);
        assertThat(CounterRandom.permutation(6L, n)).isNotEqualTo(order);
        int[] counts = new int[6];
        for (int key = 0; key < 6000; key++) {
            int[] three = CounterRandom.permutation(CounterRandom.mix(1, key), 3);
            counts[three[0] * 2 + (three[1] > three[2] ? 1 : 0)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(850, 1150);
        }
    }

    @Test
    void dropoutKeepsItsShareAndScalesTheRest() {
        long[] keys = {CounterRandom.mix(4, 4)};
        for (float probability : new float[] {0.1f, 0.5f, 0.9f}) {
            Dropout dropout = new Dropout(probability, 7, keys);
            int dropped = 0;
            for (int c = 0; c < N; c++) {
                float factor = dropout.factor(0, c);
                if (factor == 0f) {
                    dropped++;
                } else {
                    assertThat(factor).isEqualTo(1f / (1f - probability));
                }
            }
            double error = Math.sqrt(probability * (1 - probability) / N);
            assertThat((double) dropped / N).isCloseTo(probability, within(5 * error));
        }
    }

    private static double uniform(int row, int site, int column) {
        return CounterRandom.uniform(CounterRandom.mix(99, row), site, column);
    }

    private interface Source {
        double at(int i);
    }

    private static double chiSquare(Source source) {
        int[] bins = new int[64];
        for (int i = 0; i < N; i++) {
            bins[(int) (source.at(i) * 64)]++;
        }
        double expected = N / 64.0;
        double sum = 0;
        for (int count : bins) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    private static double correlation(Source left, Source right) {
        double sum = 0;
        for (int i = 0; i < N; i++) {
            sum += (left.at(i) - 0.5) * (right.at(i) - 0.5);
        }
        return sum / N * 12;
    }
}
