package io.sparkpeft.mask.refine;

/**
 * s_t = s_f + (s_i − s_f)·(1 − t/n)³ at phase t of n: much at first, while there is much to spare. Zhu and Gupta 2017,
 * arXiv 1710.01878.
 */
public final class CubicSchedule implements PruneSchedule {
    @Override
    public String name() {
        return "cubic";
    }

    @Override
    public double sparsity(int phase, int phases, double start, double target) {
        double left = Math.max(0, 1 - (double) phase / phases);
        return target + (start - target) * left * left * left;
    }
}
