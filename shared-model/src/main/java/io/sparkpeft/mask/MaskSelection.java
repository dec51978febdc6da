package io.sparkpeft.mask;

import io.sparkpeft.mask.threshold.CountRequest;
import io.sparkpeft.mask.threshold.KeyCounts;
import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.mask.threshold.SelectedSlice;
import io.sparkpeft.mask.threshold.SelectionProcess;
import io.sparkpeft.mask.threshold.SelectionRule;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/** Runs a selection in one process, and puts the weights chosen in slices together. */
public final class MaskSelection {
    private MaskSelection() {}

    /**
     * Selects among slices that are all at hand, by the very passes that executors make.
     *
     * @param slices covering every candidate once
     */
    public static ParameterMask select(MaskSelector selector, SelectionTask task, Iterable<ScoredSlice> slices) {
        SelectionProcess process = selector.start(task);
        for (Optional<CountRequest> request = process.next(); request.isPresent(); request = process.next()) {
            KeyCounts counts = new KeyCounts();
            for (ScoredSlice slice : slices) {
                counts.add(request.get().count(slice));
            }
            process.accept(counts);
        }
        SelectionRule rule = process.rule();
        RoaringBitmap[] tensors = empty(task.candidates().layout());
        for (ScoredSlice slice : slices) {
            SelectedSlice selected = rule.select(slice);
            tensors[selected.tensor()].or(selected.indices());
        }
        return finish(task, tensors);
    }

    /**
     * The mask that the chosen parts of all slices make.
     *
     * @throws IllegalStateException if it is not of the size asked for: the slices did not cover the candidates once
     */
    public static ParameterMask assemble(SelectionTask task, Iterable<SelectedSlice> parts) {
        RoaringBitmap[] tensors = empty(task.candidates().layout());
        for (SelectedSlice part : parts) {
            tensors[part.tensor()].or(part.indices());
        }
        return finish(task, tensors);
    }

    private static RoaringBitmap[] empty(ParameterLayout layout) {
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
        }
        return tensors;
    }

    private static ParameterMask finish(SelectionTask task, RoaringBitmap[] tensors) {
        ParameterMask mask = new ParameterMask(task.candidates().layout(), tensors);
        if (!task.isMetBy(mask.count())) {
            throw new IllegalStateException(
                    "Cannot select %d weights: the score slices gave %d".formatted(task.keep(), mask.count()));
        }
        return mask;
    }
}
