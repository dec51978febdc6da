package io.sparkpeft.mask.refine;

import io.sparkpeft.spi.Named;
import io.sparkpeft.spi.Services;

/** How sparsity grows over the phases of a run. Stateless; found through {@link java.util.ServiceLoader}. */
public interface PruneSchedule extends Named {
    /**
     * The sparsity of a phase.
     *
     * @param phase from 1 on; the target is reached at {@code phases} and kept after
     * @param start sparsity before the first phase
     */
    double sparsity(int phase, int phases, double start, double target);

    static PruneSchedule named(String name) {
        return Services.find(PruneSchedule.class, "prune schedule", name);
    }
}
