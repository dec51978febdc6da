package io.sparkpeft.mask.refine;

/** The target at once. */
public final class OneShotSchedule implements PruneSchedule {
    @Override
    public String name() {
        return "one-shot";
    }

    @Override
    public double sparsity(int phase, int phases, double start, double target) {
        return target;
    }
}
