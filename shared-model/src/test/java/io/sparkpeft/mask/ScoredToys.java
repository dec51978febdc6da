package io.sparkpeft.mask;

import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.random.CounterRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/** Scores with many ties on a layout with tensors of every kind, and the selection that plain sorting gives. */
public final class ScoredToys {
    public static final ParameterLayout LAYOUT = new ParameterLayout(List.of(
            new TensorSpec("embedding", 13, 6, TensorKind.EMBEDDING, TensorRole.BODY),
            new TensorSpec("conv", 9, 11, TensorKind.CONV1D, TensorRole.BODY),
            new TensorSpec("bias", 1, 11, TensorKind.VECTOR, TensorRole.BODY),
            new TensorSpec("frozen", 4, 4, TensorKind.LINEAR, TensorRole.FROZEN),
            new TensorSpec("linear", 17, 8, TensorKind.LINEAR, TensorRole.BODY),
            new TensorSpec("head", 2, 8, TensorKind.LINEAR, TensorRole.HEAD)));

    private ScoredToys() {}

    /**
     * Scores of very different size, many equal, some 0.
     *
     * @param levels number of different scores
     */
    public static Parameters scores(ParameterLayout layout, long key, int levels) {
        Parameters scores = Parameters.zeros(layout);
        for (int t = 0; t < layout.count(); t++) {
            for (int i = 0; i < scores.tensor(t).length; i++) {
                int level = (int) (CounterRandom.uniform(key, layout.offset(t) + i) * levels);
                scores.tensor(t)[i] =
                        level == 0 ? 0 : (float) Math.exp(60 * CounterRandom.uniform(key + 1, level) - 40);
            }
        }
        return scores;
    }

    public static List<ScoredSlice> slices(Parameters scores, ParameterMask candidates, int maximum) {
        List<ScoredSlice> slices = new ArrayList<>();
        for (ParameterSlice slice : ParameterSlice.of(scores.layout(), TensorRole.BODY, maximum)) {
            slices.add(ScoredSlice.of(slice, slice.cut(scores.tensor(slice.tensor())), candidates));
        }
        return slices;
    }

    record Entry(int tensor, int index, float score) {}

    /** The candidates, highest score first, equal ones by flat index. */
    static List<Entry> sorted(Parameters scores, ParameterMask candidates) {
        List<Entry> entries = new ArrayList<>();
        for (int t = 0; t < scores.layout().count(); t++) {
            for (int i : candidates.tensor(t).toArray()) {
                entries.add(new Entry(t, i, scores.tensor(t)[i]));
            }
        }
        entries.sort(Comparator.comparingDouble((Entry e) -> -e.score()));
        return entries;
    }

    /** Takes every tensor's best up to its lower guard, then the best of all that no upper guard forbids. */
    static ParameterMask naiveGlobal(Parameters scores, SelectionTask task) {
        List<Entry> entries = sorted(scores, task.candidates());
        RoaringBitmap[] chosen = new RoaringBitmap[scores.layout().count()];
        for (int t = 0; t < chosen.length; t++) {
            chosen[t] = new RoaringBitmap();
        }
        long count = 0;
        for (Entry e : entries) {
            if (chosen[e.tensor()].getCardinality() < task.least(e.tensor())) {
                chosen[e.tensor()].add(e.index());
                count++;
            }
        }
        for (Entry e : entries) {
            boolean open = chosen[e.tensor()].getCardinality() < task.most(e.tensor());
            if (count < task.keep() && open && chosen[e.tensor()].checkedAdd(e.index())) {
                count++;
            }
        }
        return new ParameterMask(scores.layout(), chosen);
    }
}
