package io.sparkpeft.average;

/**
 * The step taken with the mean change Δ of all shards. Plain averaging is rate 1 without momentum; DiLoCo (Douillard et
 * al. 2023, arXiv 2311.08105) is Nesterov momentum 0.9 with rate 0.7:
 *
 * <pre>
 *   m ← µ·m + Δ
 *   values ← start + rate·(µ·m + Δ)
 * </pre>
 *
 * @param rate of the step, above 0
 * @param momentum µ in [0, 1)
 */
public record OuterStep(double rate, double momentum) {
    public OuterStep {
        if (!(rate > 0) || !(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException(
                    "Invalid outer step: rate %s must be above 0, momentum %s in [0, 1)".formatted(rate, momentum));
        }
    }

    /** Whether the mean itself is the result, bit for bit. */
    public boolean isPlain() {
        return rate == 1 && momentum == 0;
    }

    /**
     * The values after the step.
     *
     * @param start the values that the round started from, [k]
     * @param mean the mean values of the shards, [k]
     * @param velocity m, [k], changed in place; not touched where there is no momentum
     */
    public float[] apply(float[] start, float[] mean, float[] velocity) {
        if (isPlain()) {
            return mean;
        }
        float[] values = new float[start.length];
        for (int i = 0; i < values.length; i++) {
            double change = (double) mean[i] - start[i];
            double direction = change;
            if (momentum > 0) {
                velocity[i] = (float) (momentum * velocity[i] + change);
                direction = momentum * velocity[i] + change;
            }
            values[i] = (float) (start[i] + rate * direction);
        }
        return values;
    }
}
