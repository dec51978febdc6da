package io.sparkpeft.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.mask.refine.PruneSchedule;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import org.junit.jupiter.api.Test;

class PruneAndUpdateMasksTest {
    private static final long BODY = ScoredToys.LAYOUT.size(TensorRole.BODY);

    private final Parameters scores = ScoredToys.scores(ScoredToys.LAYOUT, 11, 500);

    @Test
    void sparsityIsTheShareOfAllBodyWeightsAndVectorsAreNeverPruned() {
        for (double sparsity : new double[] {0, 0.3, 0.77, 0.9}) {
            ParameterMask kept = prune(PruneMasks.unpruned(ScoredToys.LAYOUT), sparsity);
            assertThat(PruneMasks.sparsity(kept)).isCloseTo(sparsity, within(0.5 / BODY));
            for (int t = 0; t < ScoredToys.LAYOUT.count(); t++) {
                boolean prunable = ScoredToys.LAYOUT.tensor(t).role() == TensorRole.BODY
                        && ScoredToys.LAYOUT.tensor(t).kind() != TensorKind.VECTOR;
                assertThat(prunable || kept.isFull(t)).isTrue();
            }
        }
    }

    @Test
    void pruningStepByStepOnTheSameScoresIsPruningAtOnce() {
        PruneSchedule cubic = PruneSchedule.named("cubic");
        ParameterMask kept = PruneMasks.unpruned(ScoredToys.LAYOUT);
        for (int phase = 1; phase <= 4; phase++) {
            ParameterMask next = prune(kept, cubic.sparsity(phase, 4, 0, 0.6));
            assertThat(next.isSubsetOf(kept)).isTrue();
            kept = next;
        }
        assertThat(kept).isEqualTo(prune(PruneMasks.unpruned(ScoredToys.LAYOUT), 0.6));
    }

    @Test
    void whatIsPrunedIsExactlyZeroAndTheRestKeepsItsBits() {
        ParameterMask kept = prune(PruneMasks.unpruned(ScoredToys.LAYOUT), 0.5);
        Parameters pruned = scores.copy();
        kept.zeroOutside(pruned);
        for (int t = 0; t < ScoredToys.LAYOUT.count(); t++) {
            for (int i = 0; i < pruned.tensor(t).length; i++) {
                int expected = kept.contains(t, i) ? Float.floatToRawIntBits(scores.tensor(t)[i]) : 0;
                assertThat(Float.floatToRawIntBits(pruned.tensor(t)[i])).isEqualTo(expected);
            }
        }
    }

    @Test
    void updateMasksNeverHoldAPrunedWeightAndAlwaysTheHead() {
        ParameterMask kept = prune(PruneMasks.unpruned(ScoredToys.LAYOUT), 0.5);
        SelectionTask task = UpdateMasks.task(kept, TensorFilter.UPDATING, 0.2, DensityGuards.NONE);
        ParameterMask update = UpdateMasks.finish(select(task));
        assertThat(update.isSubsetOf(kept)).isTrue();
        assertThat(update.count(TensorRole.BODY)).isEqualTo(Math.round(0.2 * BODY));
        assertThat(update.count(TensorRole.HEAD)).isEqualTo(ScoredToys.LAYOUT.size(TensorRole.HEAD));
        assertThat(update.count(TensorRole.FROZEN)).isZero();
        ParameterMask remaining = UpdateMasks.allThatRemains(kept);
        assertThat(remaining.density()).isEqualTo(kept.density());
        assertThat(update.isSubsetOf(remaining)).isTrue();
        assertThat(UpdateMasks.headOnly(ScoredToys.LAYOUT).isSubsetOf(update)).isTrue();
    }

    @Test
    void allThatRemainsMayBeAskedForByItsShare() {
        // Both 283.5 weights to prune and 40.5 to tune are rounded up.
        ParameterMask kept = prune(PruneMasks.unpruned(ScoredToys.LAYOUT), 0.875);
        SelectionTask task = UpdateMasks.task(kept, TensorFilter.UPDATING, 0.125, DensityGuards.NONE);
        assertThat(task.keep()).isEqualTo(40).isEqualTo(kept.count(TensorRole.BODY));
    }

    @Test
    void refusesWhatCannotBe() {
        ParameterMask kept = prune(PruneMasks.unpruned(ScoredToys.LAYOUT), 0.5);
        assertThatThrownBy(() -> prune(kept, 0.4)).hasMessageStartingWith("Cannot prune to sparsity 0.4");
        assertThatThrownBy(() -> prune(kept, 1.0)).hasMessageStartingWith("Cannot prune to sparsity 1.0");
        assertThatThrownBy(() -> UpdateMasks.task(kept, TensorFilter.UPDATING, 0.6, DensityGuards.NONE))
                .hasMessage("Cannot tune 194 weights (density 0.6): only 162 may be chosen");
    }

    private ParameterMask prune(ParameterMask kept, double sparsity) {
        SelectionTask task = PruneMasks.task(kept, TensorFilter.PRUNING, sparsity, DensityGuards.NONE);
        return PruneMasks.finish(kept, task, select(task));
    }

    private ParameterMask select(SelectionTask task) {
        return MaskSelection.select(
                MaskSelector.named("global"), task, ScoredToys.slices(scores, task.candidates(), 30));
    }
}
