package io.sparkpeft.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RetentionAwareScoreTest {
    private static final float[] TASK = {1, 0, 5, 2};
    private static final float[] GENERIC = {3e-9f, 1e-9f, 0, 4e-9f};

    @Test
    void addsScoresThatAreEachOverTheirMean() {
        float[] combined = score(2).combine(TASK, GENERIC);
        double[] expected = {1 / 2.0 + 2 * 1.5, 2 * 0.5, 5 / 2.0, 2 / 2.0 + 2 * 2.0};
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) combined[i]).isCloseTo(expected[i], within(1e-6));
        }
    }

    @Test
    void theUnitsOfEitherSampleDoNotMatter() {
        float[] larger = new float[4];
        for (int i = 0; i < 4; i++) {
            larger[i] = GENERIC[i] * 1024;
        }
        RetentionAwareScore scaled = new RetentionAwareScore(ScoreTotals.of(TASK), ScoreTotals.of(larger), 1);
        assertThat(scaled.combine(TASK, larger))
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(score(1).combine(TASK, GENERIC));
    }

    @Test
    void weightZeroIsTheTaskAlone() {
        float[] combined = score(0).combine(TASK, GENERIC);
        assertThat(combined).containsExactly(0.5f, 0f, 2.5f, 1f);
    }

    @Test
    void totalsAddUpOverSlices() {
        ScoreTotals parts =
                ScoreTotals.of(Arrays.copyOfRange(TASK, 0, 1)).plus(ScoreTotals.of(Arrays.copyOfRange(TASK, 1, 4)));
        assertThat(parts).isEqualTo(ScoreTotals.of(TASK));
    }

    @Test
    void aSampleWithoutAnyScoreAddsNothing() {
        float[] none = new float[4];
        RetentionAwareScore score = new RetentionAwareScore(ScoreTotals.of(TASK), ScoreTotals.of(none), 3);
        assertThat(score.combine(TASK, none)).containsExactly(0.5f, 0f, 2.5f, 1f);
    }

    private static RetentionAwareScore score(double weight) {
        return new RetentionAwareScore(ScoreTotals.of(TASK), ScoreTotals.of(GENERIC), weight);
    }
}
