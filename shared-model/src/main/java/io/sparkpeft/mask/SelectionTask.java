package io.sparkpeft.mask;

import io.sparkpeft.param.ParameterMask;

/**
 * What is to be selected: exactly {@code keep} of the candidates, or whole channels of at most so many; the highest scores
 * first, equal scores by lowest flat index.
 *
 * @param candidates weights to choose among
 * @param keep number to choose
 * @param guards bounds for each tensor
 * @param granularity what is chosen: single weights or whole channels of the candidates
 */
public record SelectionTask(ParameterMask candidates, long keep, DensityGuards guards, Granularity granularity) {
    public SelectionTask {
        long least = 0;
        long most = 0;
        for (int t = 0; t < candidates.layout().count(); t++) {
            long size = candidates.layout().tensor(t).size();
            least += guards.least(size, candidates.count(t));
            most += guards.most(size, candidates.count(t));
        }
        if (keep < least || keep > most) {
            throw new IllegalArgumentException("Cannot select %d of %d weights: density guards %s to %s allow %d to %d"
                    .formatted(keep, candidates.count(), guards.minimum(), guards.maximum(), least, most));
        }
    }

    /** The selection of single weights. */
    public SelectionTask(ParameterMask candidates, long keep, DensityGuards guards) {
        this(candidates, keep, guards, Granularity.ELEMENT);
    }

    /** The same selection of something else. */
    public SelectionTask of(Granularity other) {
        return new SelectionTask(candidates, keep, guards, other);
    }

    /** Whether so many weights are as many as asked for. */
    boolean isMetBy(long count) {
        return granularity == Granularity.ELEMENT ? count == keep : count <= keep;
    }

    /** Fewest weights to choose of a tensor. */
    public long least(int tensor) {
        return guards.least(candidates.layout().tensor(tensor).size(), candidates.count(tensor));
    }

    /** Most weights to choose of a tensor. */
    public long most(int tensor) {
        return guards.most(candidates.layout().tensor(tensor).size(), candidates.count(tensor));
    }
}
