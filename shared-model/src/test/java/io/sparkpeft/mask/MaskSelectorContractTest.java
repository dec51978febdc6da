package io.sparkpeft.mask;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.spi.Services;
import io.sparkpeft.toy.ToyMasks;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every selector must do, on scores with and without ties, all weights and some being candidates. */
class MaskSelectorContractTest {
    private static final DensityGuards[] GUARDS = {DensityGuards.NONE, new DensityGuards(0.15, 0.55)};

    static Collection<MaskSelector> selectors() {
        return Services.all(MaskSelector.class);
    }

    private interface Law {
        void check(Parameters scores, SelectionTask task, ParameterMask selected);
    }

    private static void forAll(MaskSelector selector, Law law) {
        for (int levels : new int[] {1, 2, 5, 1000}) {
            for (double share : new double[] {0, 0.2, 0.31, 0.5, 1}) {
                for (DensityGuards guards : GUARDS) {
                    for (ParameterMask candidates : candidates()) {
                        check(selector, law, candidates, levels, share, guards);
                    }
                }
            }
        }
    }

    private static List<ParameterMask> candidates() {
        ParameterMask body = ParameterMask.all(ScoredToys.LAYOUT, TensorRole.BODY);
        return List.of(body, ToyMasks.random(ScoredToys.LAYOUT, 9, 0.6).intersect(body));
    }

    private static void check(
            MaskSelector selector, Law law, ParameterMask candidates, int levels, double share, DensityGuards guards) {
        Parameters scores = ScoredToys.scores(ScoredToys.LAYOUT, levels, levels);
        long keep = bounded(Math.round(share * candidates.count()), candidates, guards);
        SelectionTask task = new SelectionTask(candidates, keep, guards);
        law.check(scores, task, select(selector, scores, task, 40));
    }

    private static long bounded(long keep, ParameterMask candidates, DensityGuards guards) {
        long least = 0;
        long most = 0;
        for (int t = 0; t < ScoredToys.LAYOUT.count(); t++) {
            long size = ScoredToys.LAYOUT.tensor(t).size();
            least += guards.least(size, candidates.count(t));
            most += guards.most(size, candidates.count(t));
        }
        return Math.min(most, Math.max(least, keep));
    }

    private static ParameterMask select(MaskSelector selector, Parameters scores, SelectionTask task, int slice) {
        return MaskSelection.select(selector, task, ScoredToys.slices(scores, task.candidates(), slice));
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void selectsExactlyAsManyCandidatesAsAskedWithinTheGuards(MaskSelector selector) {
        forAll(selector, (scores, task, selected) -> {
            assertThat(selected.count()).isEqualTo(task.keep());
            assertThat(selected.isSubsetOf(task.candidates())).isTrue();
            for (int t = 0; t < ScoredToys.LAYOUT.count(); t++) {
                assertThat((long) selected.count(t)).isBetween(task.least(t), task.most(t));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void doesNotDependOnTheSlicing(MaskSelector selector) {
        forAll(selector, (scores, task, selected) -> {
            for (int slice : new int[] {1, 23, 1 << 20}) {
                assertThat(select(selector, scores, task, slice)).isEqualTo(selected);
            }
        });
    }

    /** Along every line: no weight left out scores higher than one chosen, nor as high at a lower flat index. */
    @ParameterizedTest
    @MethodSource("selectors")
    void prefersHigherScoresAndThenLowerIndices(MaskSelector selector) {
        forAll(selector, (scores, task, selected) -> {
            for (ParameterSlice line : ParameterSlice.of(ScoredToys.LAYOUT, TensorRole.BODY, 1)) {
                boolean open = true;
                for (ScoredToys.Entry e : ScoredToys.sorted(scores, task.candidates())) {
                    if (e.tensor() == line.tensor() && isIn(line, e.index())) {
                        boolean chosen = selected.contains(e.tensor(), e.index());
                        assertThat(open || !chosen).as("%s on %s", e, line).isTrue();
                        open = chosen;
                    }
                }
            }
        });
    }

    private static boolean isIn(ParameterSlice line, int index) {
        for (int p = 0; p < line.size(); p++) {
            if (line.localIndex(p) == index) {
                return true;
            }
        }
        return false;
    }
}
