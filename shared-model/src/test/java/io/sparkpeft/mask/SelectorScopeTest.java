package io.sparkpeft.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.toy.ToyMasks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roaringbitmap.RoaringBitmap;

class SelectorScopeTest {
    private static final ParameterMask BODY = ParameterMask.all(ScoredToys.LAYOUT, TensorRole.BODY);

    @Test
    void globalSelectsWhatSortingDoes() {
        for (int run = 0; run < 300; run++) {
            ParameterMask candidates = run % 2 == 0
                    ? BODY
                    : ToyMasks.random(ScoredToys.LAYOUT, run, 0.5).intersect(BODY);
            Parameters scores = ScoredToys.scores(ScoredToys.LAYOUT, run, 1 + run % 40);
            DensityGuards guards =
                    run % 3 == 0 ? DensityGuards.NONE : new DensityGuards(run % 7 * 0.015, 0.45 + run % 5 * 0.1);
            long keep = candidates.count() * (12 + run % 11) / 50;
            SelectionTask task = new SelectionTask(candidates, keep, guards);
            assertThat(select("global", scores, task))
                    .as("run %d", run)
                    .isEqualTo(ScoredToys.naiveGlobal(scores, task));
        }
    }

    @Test
    void perTensorGivesEveryTensorTheSameDensity() {
        Parameters scores = ScoredToys.scores(ScoredToys.LAYOUT, 3, 1000);
        SelectionTask task = new SelectionTask(BODY, 97, DensityGuards.NONE);
        ParameterMask selected = select("per-tensor", scores, task);
        for (int t : ScoredToys.LAYOUT.indicesOf(TensorRole.BODY)) {
            double fair = 97.0 * BODY.count(t) / BODY.count();
            assertThat((double) selected.count(t)).isCloseTo(fair, within(1.0));
        }
    }

    @Test
    void perTensorTakesTheBestOfEachTensor() {
        Parameters scores = ScoredToys.scores(ScoredToys.LAYOUT, 4, 30);
        ParameterMask selected = select("per-tensor", scores, new SelectionTask(BODY, 120, DensityGuards.NONE));
        for (int t : ScoredToys.LAYOUT.indicesOf(TensorRole.BODY)) {
            int tensor = t;
            int[] best = ScoredToys.sorted(scores, BODY).stream()
                    .filter(e -> e.tensor() == tensor)
                    .limit(selected.count(t))
                    .mapToInt(ScoredToys.Entry::index)
                    .toArray();
            assertThat(selected.tensor(t)).isEqualTo(RoaringBitmap.bitmapOf(best));
        }
    }

    @Test
    void perRowGivesEveryLineTheSameDensity() {
        Parameters scores = ScoredToys.scores(ScoredToys.LAYOUT, 5, 1000);
        ParameterMask selected = select("per-row", scores, new SelectionTask(BODY, 111, DensityGuards.NONE));
        for (ParameterSlice line : ParameterSlice.of(ScoredToys.LAYOUT, TensorRole.BODY, 1)) {
            double fair = 111.0 * line.size() / BODY.count();
            long chosen = IntStream.range(0, line.size())
                    .filter(p -> selected.contains(line.tensor(), line.localIndex(p)))
                    .count();
            assertThat((double) chosen).isCloseTo(fair, within(1.5));
        }
    }

    /** More entries than one digit of the index can tell apart, none better than another. */
    @ParameterizedTest
    @EnumSource(
            value = TensorKind.class,
            names = {"LINEAR", "CONV1D"})
    void tiesInALargeTensorGoToTheLowestFlatIndex(TensorKind kind) {
        ParameterLayout layout =
                new ParameterLayout(List.of(new TensorSpec("large", 1500, 1500, kind, TensorRole.BODY)));
        ParameterMask all = ParameterMask.all(layout, TensorRole.BODY);
        Parameters scores = Parameters.zeros(layout);
        Arrays.fill(scores.tensor(0), 2f);
        scores.tensor(0)[2_249_999] = 3f;
        for (int keep : new int[] {1, 2, 1_048_577, 1_500_000, 2_249_999}) {
            ParameterMask selected = MaskSelection.select(
                    MaskSelector.named("global"),
                    new SelectionTask(all, keep, DensityGuards.NONE),
                    ScoredToys.slices(scores, all, 200_000));
            assertThat(selected.contains(0, 2_249_999)).isTrue();
            assertThat(selected.tensor(0).rangeCardinality(0L, keep - 1L)).isEqualTo(keep - 1L);
        }
    }

    @Test
    void refusesWhatTheGuardsForbidAndScoresThatAreNone() {
        assertThatThrownBy(() -> new SelectionTask(BODY, 300, new DensityGuards(0, 0.5)))
                .hasMessageStartingWith("Cannot select 300 of 324 weights: density guards 0.0 to 0.5 allow 0 to");
        ParameterSlice slice =
                ParameterSlice.of(ScoredToys.LAYOUT, TensorRole.BODY, 6).get(1);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1e-30f}) {
            float[] scores = new float[slice.size()];
            scores[2] = bad;
            assertThatThrownBy(() -> ScoredSlice.of(slice, scores, BODY))
                    .hasMessage("Invalid score: %s at index 8 of tensor embedding".formatted(bad));
        }
    }

    @Test
    void noticesSlicesThatAreMissing() {
        Parameters scores = ScoredToys.scores(ScoredToys.LAYOUT, 6, 50);
        SelectionTask task = new SelectionTask(BODY, 300, DensityGuards.NONE);
        List<ScoredSlice> slices = ScoredToys.slices(scores, BODY, 20);
        assertThatThrownBy(() ->
                        MaskSelection.select(MaskSelector.named("global"), task, slices.subList(0, slices.size() / 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Cannot select 300 weights");
    }

    private static ParameterMask select(String scope, Parameters scores, SelectionTask task) {
        return MaskSelection.select(MaskSelector.named(scope), task, ScoredToys.slices(scores, task.candidates(), 30));
    }
}
