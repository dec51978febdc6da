package io.sparkpeft.param;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.random.CounterRandom;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class ParameterMaskTest {
    private static final ParameterLayout LAYOUT =
            new ParameterLayout(List.of(new TensorSpec("w", 11, 9, TensorKind.LINEAR, TensorRole.BODY)));

    private static ParameterMask mask(int[] indices) {
        return new ParameterMask(LAYOUT, new RoaringBitmap[] {RoaringBitmap.bitmapOf(indices)});
    }

    @Test
    void noneHoldsNoWeight() {
        assertThat(ParameterMask.none(LAYOUT)).isEqualTo(mask(new int[0]));
        assertThat(ParameterMask.none(LAYOUT).count()).isZero();
    }

    /** One that RoaringBitmap 0.9.45 gets wrong: a weight and a run of them, among scattered ones. */
    @Test
    void aRunAmongScatteredWeightsIsASubset() {
        int[] scattered = {
            0, 2, 3, 4, 6, 7, 8, 9, 12, 14, 15, 16, 17, 19, 21, 22, 24, 26, 27, 28, 31, 33, 36, 38, 39, 40, 42, 43, 44,
            45, 47, 48, 49, 50, 52, 53, 56, 57, 59, 61, 63, 64, 65, 68, 69, 70, 72, 73, 75, 77, 80, 82, 83, 84, 85, 88,
            89, 90, 93, 95, 98
        };
        int[] run = {36, 38, 39, 40, 42, 43, 44, 45};
        assertThat(mask(run).isSubsetOf(mask(scattered))).isTrue();
    }

    /** Runs of a mask within scattered weights of another, and single weights, as bitmaps store them differently. */
    @Test
    void aPartOfAMaskIsASubsetAndNothingElseIs() {
        for (int run = 0; run < 5000; run++) {
            int key = run;
            int[] whole = IntStream.range(0, 99)
                    .filter(i -> CounterRandom.uniform(key, i) < 0.7)
                    .toArray();
            int from = (int) (CounterRandom.uniform(key, 200) * 80);
            int to = from + (int) (CounterRandom.uniform(key, 201) * 15);
            int[] part = IntStream.of(whole).filter(i -> i >= from && i < to).toArray();
            int[] range = IntStream.range(from, to).toArray();
            assertThat(mask(part).isSubsetOf(mask(whole))).as("run %d", run).isTrue();
            assertThat(mask(range).isSubsetOf(mask(whole))).as("run %d", run).isEqualTo(part.length == range.length);
        }
    }
}
