package io.sparkpeft.train;

/** Tells whether a k-vector still consists of numbers. */
public final class FiniteValues {
    private FiniteValues() {}

    /** Whether none of the values is NaN or infinite. */
    public static boolean areIn(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
