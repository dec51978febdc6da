package io.sparkpeft.mask.refine;

/** The share of the tuned weights that an exchange replaces: less and less, so that the last masks are tuned longest. */
public final class DropShare {
    private DropShare() {}

    /**
     * p·½·(1 + cos(π·progress)), as RigL does.
     *
     * @param progress share of the phase that is done
     */
    public static double cosine(double initial, double progress) {
        return progress >= 1 ? 0 : initial * 0.5 * (1 + StrictMath.cos(Math.PI * progress));
    }
}
