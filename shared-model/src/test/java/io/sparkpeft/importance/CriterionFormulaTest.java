package io.sparkpeft.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CriterionFormulaTest {
    private static final ParameterSlice SLICE =
            new ParameterSlice(0, new TensorSpec("w", 1, 2, TensorKind.LINEAR, TensorRole.BODY), 0, 0, 1);

    @ParameterizedTest
    @CsvSource({
        "magnitude, 3, 0.5",
        "fisher, 4, 9",
        "fisher-expected, 4, 9",
        "gradient, 4, 9",
        "snip, 12, 4.5",
        "taylor, 144, 20.25",
        "obd, 18, 1.125",
        "wanda, 6, 1.5"
    })
    void followsItsFormula(String name, float first, float second) {
        ImportanceCriterion criterion = ImportanceCriterion.named(name);
        assertThat(criterion.score(SLICE, new float[] {-3, 0.5f}, new float[] {4, 9}, 0))
                .containsExactly(first, second);
    }

    @Test
    void signsOfGradientsDoNotMatter() {
        for (String name : new String[] {"gradient", "snip", "taylor"}) {
            ImportanceCriterion criterion = ImportanceCriterion.named(name);
            assertThat(criterion.score(SLICE, new float[] {-3, 2}, new float[] {4, -9}, 0))
                    .containsExactly(criterion.score(SLICE, new float[] {3, 2}, new float[] {4, 9}, 0));
        }
    }

    @Test
    void randomScoresAreUniformAndSeeded() {
        ParameterSlice large =
                new ParameterSlice(0, new TensorSpec("w", 100, 100, TensorKind.LINEAR, TensorRole.BODY), 7, 0, 100);
        ImportanceCriterion random = ImportanceCriterion.named("random");
        float[] scores = random.score(large, new float[10_000], new float[0], 1);
        assertThat(ScoreTotals.of(scores).mean()).isCloseTo(0.5, within(0.01));
        assertThat(random.score(large, new float[10_000], new float[0], 1)).containsExactly(scores);
        assertThat(random.score(large, new float[10_000], new float[0], 2)).isNotEqualTo(scores);
    }

    @Test
    void wandaScoresLinearLayersOnly() {
        ImportanceCriterion wanda = ImportanceCriterion.named("wanda");
        assertThat(wanda.comparesWithinLines()).isTrue();
        assertThat(wanda.scores(TensorKind.LINEAR)).isTrue();
        assertThat(wanda.scores(TensorKind.CONV1D)).isTrue();
        assertThat(wanda.scores(TensorKind.EMBEDDING)).isFalse();
        assertThat(wanda.scores(TensorKind.VECTOR)).isFalse();
    }
}
