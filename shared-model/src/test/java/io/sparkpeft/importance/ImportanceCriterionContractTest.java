package io.sparkpeft.importance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.spi.Services;
import io.sparkpeft.toy.ToyModel;
import java.util.Collection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every criterion must do. */
class ImportanceCriterionContractTest {
    static Collection<ImportanceCriterion> criteria() {
        return Services.all(ImportanceCriterion.class);
    }

    /** Scores of all body tensors in slices of at most so many entries, put back at their flat index. */
    private static float[] scores(ImportanceCriterion criterion, int maximum, double scale) {
        float[] scores = new float[(int) ToyModel.LAYOUT.size()];
        for (ParameterSlice slice : ParameterSlice.of(ToyModel.LAYOUT, TensorRole.BODY, maximum)) {
            if (criterion.scores(slice.spec().kind())) {
                float[] part = criterion.score(slice, weights(slice), statistic(criterion, slice, scale), 5);
                assertThat(part).hasSize(slice.size());
                for (int p = 0; p < part.length; p++) {
                    scores[(int) slice.flatIndex(p)] = part[p];
                }
            }
        }
        return scores;
    }

    private static float[] weights(ParameterSlice slice) {
        return slice.cut(ToyModel.random(4).tensor(slice.tensor()));
    }

    private static float[] statistic(ImportanceCriterion criterion, ParameterSlice slice, double scale) {
        if (criterion.statistic() == ImportanceStatistic.NONE) {
            return new float[0];
        }
        float[] statistic = new float[slice.size()];
        for (int p = 0; p < statistic.length; p++) {
            double value = scale * CounterRandom.normal(6, slice.flatIndex(p));
            boolean signed = criterion.statistic() == ImportanceStatistic.GRADIENT_SUM;
            statistic[p] = (float) (signed ? value : Math.abs(value));
        }
        return statistic;
    }

    @ParameterizedTest
    @MethodSource("criteria")
    void scoresAreFiniteAndNotNegative(ImportanceCriterion criterion) {
        for (double scale : new double[] {0, 1e-30, 1, 1e30}) {
            for (float score : scores(criterion, 1 << 20, scale)) {
                assertThat(score).isFinite().isGreaterThanOrEqualTo(0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("criteria")
    void scoresDoNotDependOnTheSlicing(ImportanceCriterion criterion) {
        float[] whole = scores(criterion, 1 << 20, 1);
        for (int maximum : new int[] {1, 13, 20}) {
            assertThat(scores(criterion, maximum, 1)).containsExactly(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("criteria")
    void scoresTellWeightsApart(ImportanceCriterion criterion) {
        float[] scores = scores(criterion, 1 << 20, 1);
        ParameterSlice linear =
                ParameterSlice.of(ToyModel.LAYOUT, TensorRole.BODY, 1 << 20).get(ToyModel.LINEAR);
        assertThat(criterion.scores(linear.spec().kind())).isTrue();
        float[] part = new float[linear.size()];
        System.arraycopy(scores, (int) linear.offset(), part, 0, part.length);
        assertThat(part).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("criteria")
    void isOfUseForSomeMask(ImportanceCriterion criterion) {
        assertThat(criterion.uses()).isNotEmpty();
        assertThat(criterion.name()).matches("[a-z]+(-[a-z]+)*");
        assertThat(ImportanceCriterion.named(criterion.name())).isSameAs(criterion);
    }
}
