package io.sparkpeft.average;

import java.io.Serializable;

/**
 * The step taken with the mean change Δ of a round, as one gradient step with gradient −Δ:
 *
 * <pre>   b ← μ·b + Δ;   θ ← θ + η·(Δ + μ·b)   (Nesterov momentum)   </pre>
 *
 * With η = 1 and μ = 0 that is plain averaging: θ becomes the mean of the shards' results, and with one shard, bit for
 * bit, that shard's result. DiLoCo (Douillard et al. 2023, arXiv 2311.08105) takes η = 0.7 and μ = 0.9.
 *
 * @param rate η
 * @param momentum μ, 0 for none
 */
public record OuterStep(double rate, double momentum) implements Serializable {
    /** Plain averaging. */
    public static final OuterStep PLAIN = new OuterStep(1, 0);

    public OuterStep {
        if (!(rate > 0) || !(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException(
                    "Invalid outer step: rate %s must be above 0 and momentum %s in [0, 1)".formatted(rate, momentum));
        }
    }

    /**
     * What a step leaves behind.
     *
     * @param values tuned weights, [k]
     * @param momentum b, [k]; empty without momentum
     */
    public record Outcome(float[] values, float[] momentum) {}

    /**
     * Takes the step; the arguments are not changed.
     *
     * @param values tuned weights before the round, [k]
     * @param change mean change, [k]
     * @param buffer momentum from the step before; empty before the first step
     */
    public Outcome apply(float[] values, double[] change, float[] buffer) {
        float[] next = new float[values.length];
        float[] kept = new float[momentum == 0 ? 0 : values.length];
        for (int i = 0; i < next.length; i++) {
            double step = change[i];
            if (momentum != 0) {
                double b = momentum * (buffer.length == 0 ? 0 : buffer[i]) + change[i];
                kept[i] = (float) b;
                step += momentum * b;
            }
            next[i] = (float) (values[i] + rate * step);
        }
        return new Outcome(next, kept);
    }
}
