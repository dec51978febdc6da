package io.sparkpeft.mask;

import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.roaringbitmap.RoaringBitmap;

/**
 * The tensors that a mask chooses among: those of the BODY whose kind is listed.
 *
 * @param kinds kinds of tensors
 */
public record TensorFilter(Set<TensorKind> kinds) {
    /** Matrices: biases and normalisation weights are few and each carries a whole channel, so none is pruned. */
    public static final TensorFilter PRUNING =
            new TensorFilter(EnumSet.of(TensorKind.LINEAR, TensorKind.CONV1D, TensorKind.EMBEDDING));
    /** All tensors. */
    public static final TensorFilter UPDATING = new TensorFilter(EnumSet.allOf(TensorKind.class));

    /** Matrices of linear layers. */
    public static final TensorFilter LINEAR = new TensorFilter(EnumSet.of(TensorKind.LINEAR, TensorKind.CONV1D));

    public TensorFilter {
        kinds = Set.copyOf(kinds);
    }

    /** Only the kinds that also satisfy a condition, such as {@code criterion::scores}. */
    public TensorFilter where(Predicate<TensorKind> condition) {
        return new TensorFilter(kinds.stream().filter(condition).collect(Collectors.toSet()));
    }

    public boolean accepts(TensorSpec tensor) {
        return tensor.role() == TensorRole.BODY && kinds.contains(tensor.kind());
    }

    /** All weights of the tensors accepted. */
    public ParameterMask all(ParameterLayout layout) {
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
            if (accepts(layout.tensor(t))) {
                tensors[t].add(0L, layout.tensor(t).size());
            }
        }
        return new ParameterMask(layout, tensors);
    }
}
