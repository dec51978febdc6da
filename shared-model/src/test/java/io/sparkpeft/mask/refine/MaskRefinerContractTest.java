package io.sparkpeft.mask.refine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.mask.MaskSelection;
import io.sparkpeft.mask.MaskSelector;
import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.spi.Services;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.toy.ToyModel;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every refiner must do, and what drop-and-grow does. */
class MaskRefinerContractTest {
    private final ParameterMask candidates =
            ToyMasks.random(ToyModel.LAYOUT, 1, 0.8).intersect(ParameterMask.all(ToyModel.LAYOUT, TensorRole.BODY));
    private final Parameters scores = ToyModel.random(3);

    static Collection<MaskRefiner> refiners() {
        return Services.all(MaskRefiner.class);
    }

    private MaskIndex tuned(double density) {
        ParameterMask body = ToyMasks.random(ToyModel.LAYOUT, 2, density).intersect(candidates);
        return new MaskIndex(body.union(ParameterMask.all(ToyModel.LAYOUT, TensorRole.HEAD)));
    }

    private static float[] changes(MaskIndex tuned) {
        float[] change = new float[tuned.size()];
        for (int i = 0; i < change.length; i++) {
            change[i] = i % 5 == 0 ? 0 : (float) CounterRandom.normal(8, i);
        }
        return change;
    }

    private ParameterMask refine(MaskExchange exchange) {
        List<ScoredSlice> slices = ParameterSlice.of(ToyModel.LAYOUT, TensorRole.BODY, 16).stream()
                .map(s -> ScoredSlice.of(s, magnitudes(s), exchange.growth().candidates()))
                .toList();
        return exchange.finish(MaskSelection.select(MaskSelector.named("global"), exchange.growth(), slices));
    }

    private float[] magnitudes(ParameterSlice slice) {
        float[] cut = slice.cut(scores.tensor(slice.tensor()));
        for (int i = 0; i < cut.length; i++) {
            cut[i] = Math.abs(cut[i]);
        }
        return cut;
    }

    @ParameterizedTest
    @MethodSource("refiners")
    void keepsTheNumberTunedAndTheHeadAndStaysAmongTheCandidates(MaskRefiner refiner) {
        for (double density : new double[] {0.05, 0.3, 0.9, 1}) {
            for (double share : new double[] {0, 0.2, 0.5, 1}) {
                MaskIndex tuned = tuned(density);
                ParameterMask refined = refine(refiner.start(tuned, changes(tuned), candidates, share));
                assertThat(refined.count()).isEqualTo(tuned.size());
                assertThat(refined.count(TensorRole.HEAD)).isEqualTo(ToyModel.LAYOUT.size(TensorRole.HEAD));
                assertThat(refined.isSubsetOf(candidates.union(tuned.mask()))).isTrue();
                long lost = tuned.mask().without(refined).count();
                assertThat((double) lost)
                        .isLessThanOrEqualTo(share * tuned.mask().count(TensorRole.BODY));
            }
        }
    }

    @Test
    void dropsTheSmallestChangesAndNothingElse() {
        MaskIndex tuned = tuned(0.4);
        float[] change = changes(tuned);
        int body = (int) tuned.mask().count(TensorRole.BODY);
        MaskExchange exchange = new DropAndGrow().start(tuned, change, candidates, 0.3);
        assertThat(exchange.growth().keep()).isEqualTo((long) (0.3 * body));
        Parameters flags = Parameters.zeros(ToyModel.LAYOUT);
        MaskIndex staying = new MaskIndex(exchange.staying());
        float[] ones = new float[staying.size()];
        Arrays.fill(ones, 1f);
        staying.scatter(ones, flags);
        float[] kept = tuned.gather(flags);
        float largestDropped = 0;
        float smallestKept = Float.MAX_VALUE;
        for (int i = 0; i < body; i++) {
            if (kept[i] == 0) {
                largestDropped = Math.max(largestDropped, Math.abs(change[i]));
            } else {
                smallestKept = Math.min(smallestKept, Math.abs(change[i]));
            }
        }
        assertThat(largestDropped).isPositive().isLessThanOrEqualTo(smallestKept);
    }

    @Test
    void transferKeepsWhatStaysAndFillsInWhatIsNew() {
        MaskIndex from = tuned(0.4);
        MaskIndex to = new MaskIndex(refine(new DropAndGrow().start(from, changes(from), candidates, 0.5)));
        Parameters start = ToyModel.random(20);
        Parameters moved = ToyModel.random(21);
        float[] carried = new MaskTransfer(from, to).carry(from.gather(moved), to.gather(start));
        Parameters expected = start.copy();
        from.scatter(from.gather(moved), expected);
        assertThat(carried).containsExactly(to.gather(expected));
        assertThat(new MaskTransfer(from, from).carry(carried(from), new float[from.size()]))
                .containsExactly(carried(from));
    }

    private static float[] carried(MaskIndex index) {
        return index.gather(ToyModel.random(22));
    }
}
