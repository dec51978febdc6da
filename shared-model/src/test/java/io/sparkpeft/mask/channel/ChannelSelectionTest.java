package io.sparkpeft.mask.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.mask.DensityGuards;
import io.sparkpeft.mask.Granularity;
import io.sparkpeft.mask.MaskSelection;
import io.sparkpeft.mask.MaskSelector;
import io.sparkpeft.mask.ScoredToys;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.toy.ToyMasks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.roaringbitmap.RoaringBitmap;

/** Whole rows and whole columns, on scores with and without ties, all weights and some being candidates. */
class ChannelSelectionTest {
    private static final ParameterLayout LAYOUT = ScoredToys.LAYOUT;
    private static final ParameterMask BODY = ParameterMask.all(LAYOUT, TensorRole.BODY);

    /** A channel and its candidates. */
    private record Channel(int tensor, List<Integer> indices, double mean) {
        int size() {
            return indices.size();
        }
    }

    private interface Law {
        void check(Parameters scores, SelectionTask task, ParameterMask selected);
    }

    private static void forAll(Granularity granularity, Law law) {
        for (int run = 0; run < 120; run++) {
            ParameterMask candidates =
                    run % 2 == 0 ? BODY : ToyMasks.random(LAYOUT, run, 0.6).intersect(BODY);
            DensityGuards guards = run % 3 == 0 ? new DensityGuards(0, 0.6) : DensityGuards.NONE;
            long keep = candidates.count() * (1 + run % 9) / 18;
            SelectionTask task = new SelectionTask(candidates, keep, guards, granularity);
            Parameters scores = ScoredToys.scores(LAYOUT, run, new int[] {1, 2, 5, 1000}[run % 4]);
            law.check(scores, task, select("global", scores, task, 40));
        }
    }

    private static ParameterMask select(String scope, Parameters scores, SelectionTask task, int slice) {
        return MaskSelection.select(
                MaskSelector.named(scope), task, ScoredToys.slices(scores, task.candidates(), slice));
    }

    /** In flat order. */
    private static List<Channel> channels(Parameters scores, SelectionTask task) {
        List<Channel> channels = new ArrayList<>();
        for (int t = 0; t < LAYOUT.count(); t++) {
            TreeMap<Integer, List<Integer>> members = new TreeMap<>();
            for (int index : task.candidates().tensor(t).toArray()) {
                int channel = line(task.granularity(), LAYOUT.tensor(t), index);
                members.computeIfAbsent(channel, c -> new ArrayList<>()).add(index);
            }
            for (List<Integer> indices : members.values()) {
                long[] digits = new long[ExactSum.DIGITS];
                for (int index : indices) {
                    ExactSum.add(scores.tensor(t)[index], digits);
                }
                channels.add(new Channel(t, indices, ExactSum.value(digits) / indices.size()));
            }
        }
        return channels;
    }

    /** By the kinds' own words: a CONV1D is stored [inputs, outputs], a LINEAR [outputs, inputs]. */
    private static int line(Granularity granularity, TensorSpec tensor, int index) {
        int storedRow = index / tensor.columns();
        int storedColumn = index % tensor.columns();
        boolean outputs = granularity == Granularity.ROWS;
        return switch (tensor.kind()) {
            case LINEAR -> outputs ? storedRow : storedColumn;
            case CONV1D -> outputs ? storedColumn : storedRow;
            case EMBEDDING -> storedRow;
            case VECTOR -> index;
        };
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ELEMENT")
    void takesTheBestMeansThatFit(Granularity granularity) {
        forAll(granularity, (scores, task, selected) -> {
            List<Channel> sorted = channels(scores, task);
            sorted.sort(Comparator.comparingDouble(Channel::mean).reversed());
            RoaringBitmap[] chosen = IntStream.range(0, LAYOUT.count())
                    .mapToObj(t -> new RoaringBitmap())
                    .toArray(RoaringBitmap[]::new);
            long left = task.keep();
            for (Channel channel : sorted) {
                RoaringBitmap tensor = chosen[channel.tensor()];
                boolean fits = tensor.getCardinality() + channel.size() <= task.most(channel.tensor());
                if (fits && channel.size() <= left) {
                    channel.indices().forEach(tensor::add);
                    left -= channel.size();
                }
            }
            assertThat(selected).isEqualTo(new ParameterMask(LAYOUT, chosen));
        });
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ELEMENT")
    void channelsAreWholeAndNoFurtherOneFits(Granularity granularity) {
        forAll(granularity, (scores, task, selected) -> {
            assertThat(selected.isSubsetOf(task.candidates())).isTrue();
            assertThat(selected.count()).isLessThanOrEqualTo(task.keep());
            for (Channel channel : channels(scores, task)) {
                long chosen = channel.indices().stream()
                        .filter(i -> selected.contains(channel.tensor(), i))
                        .count();
                assertThat(chosen).isIn(0L, (long) channel.size());
                boolean fits = selected.count() + channel.size() <= task.keep()
                        && selected.count(channel.tensor()) + channel.size() <= task.most(channel.tensor());
                assertThat(chosen == 0 && fits).as("%s", channel).isFalse();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ELEMENT")
    void doesNotDependOnTheSlicing(Granularity granularity) {
        forAll(granularity, (scores, task, selected) -> {
            for (int slice : new int[] {1, 23, 1 << 20}) {
                assertThat(select("global", scores, task, slice)).isEqualTo(selected);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ELEMENT")
    void perTensorGivesEveryTensorItsShareButForPartsOfAChannel(Granularity granularity) {
        Parameters scores = ScoredToys.scores(LAYOUT, 3, 1000);
        SelectionTask task = new SelectionTask(BODY, 130, DensityGuards.NONE, granularity);
        ParameterMask selected = select("per-tensor", scores, task, 30);
        for (int t : LAYOUT.indicesOf(TensorRole.BODY)) {
            int tensor = t;
            int size = channels(scores, task).stream()
                    .filter(c -> c.tensor() == tensor)
                    .mapToInt(Channel::size)
                    .max()
                    .orElseThrow();
            double fair = 130.0 * BODY.count(t) / BODY.count();
            assertThat((double) selected.count(t)).isBetween(fair - size, fair + 1);
        }
    }

    @Test
    void anOutputChannelOfALayerStoredTheOtherWayRoundIsAStoredColumn() {
        for (TensorKind kind : new TensorKind[] {TensorKind.LINEAR, TensorKind.CONV1D}) {
            ParameterLayout layout = new ParameterLayout(List.of(new TensorSpec("w", 4, 6, kind, TensorRole.BODY)));
            Parameters scores = Parameters.zeros(layout);
            scores.tensor(0)[2 * 6 + 5] = 1f;
            ParameterMask all = ParameterMask.all(layout, TensorRole.BODY);
            for (Granularity granularity : new Granularity[] {Granularity.ROWS, Granularity.COLUMNS}) {
                boolean storedRow = (kind == TensorKind.LINEAR) == (granularity == Granularity.ROWS);
                SelectionTask task = new SelectionTask(all, storedRow ? 6 : 4, DensityGuards.NONE).of(granularity);
                int[] expected = IntStream.range(0, 24)
                        .filter(i -> storedRow ? i / 6 == 2 : i % 6 == 5)
                        .toArray();
                ParameterMask selected =
                        MaskSelection.select(MaskSelector.named("global"), task, ScoredToys.slices(scores, all, 7));
                assertThat(selected.tensor(0).toArray()).isEqualTo(expected);
            }
        }
    }

    @Test
    void refusesWhatWholeChannelsCannotBe() {
        Parameters scores = ScoredToys.scores(LAYOUT, 6, 50);
        SelectionTask rows = new SelectionTask(BODY, 100, DensityGuards.NONE, Granularity.ROWS);
        assertThatThrownBy(() -> MaskSelector.named("per-row").start(rows))
                .hasMessage("Cannot choose whole rows per row: that scope compares single weights");
        SelectionTask guarded = new SelectionTask(BODY, 100, new DensityGuards(0.1, 1), Granularity.COLUMNS);
        assertThatThrownBy(() -> MaskSelector.named("global").start(guarded))
                .hasMessage("Cannot choose whole columns: a least density of 0.1 needs single weights");
        List<ScoredSlice> slices = ScoredToys.slices(scores, BODY, 20);
        assertThatThrownBy(() -> MaskSelection.select(MaskSelector.named("global"), rows, slices.subList(1, 9)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Cannot choose among 324 weights: the score slices hold ");
        ParameterLayout matrix =
                new ParameterLayout(List.of(new TensorSpec("w", 4, 6, TensorKind.LINEAR, TensorRole.BODY)));
        ParameterMask all = ParameterMask.all(matrix, TensorRole.BODY);
        SelectionTask small = new SelectionTask(all, 5, DensityGuards.NONE, Granularity.ROWS);
        assertThatThrownBy(() -> MaskSelection.select(
                        MaskSelector.named("global"), small, ScoredToys.slices(Parameters.zeros(matrix), all, 9)))
                .hasMessage("Cannot choose whole rows: none fits into 5 weights");
    }
}
