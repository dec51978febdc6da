package io.sparkpeft.run;

import io.sparkpeft.config.EvaluateRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.choice.Metric;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Decides whether a phase is kept: its metric may be worse than the reference by the tolerance, and cross-entropy on the
 * generic sample may have risen since the start by the limit. At the end it tells whether the result is good enough.
 */
public final class Gate {
    private final Recipe recipe;

    public Gate(Recipe recipe) {
        this.recipe = recipe;
    }

    /**
     * @param accepted whether the phase is kept
     * @param reason why, in words with the values
     */
    public record Verdict(boolean accepted, String reason) {}

    /**
     * @param before the model as it came
     * @param after the phase's result
     * @param reference what it is compared with; empty where every metric will do
     */
    public Verdict judge(Measurement before, Measurement after, OptionalDouble reference) {
        Metric metric = recipe.metric();
        double value = after.value(metric);
        double tolerance = recipe.refine().tolerance();
        if (reference.isPresent() && metric.gain(value, reference.getAsDouble()) < -tolerance) {
            return new Verdict(
                    false,
                    format(
                            "%s %.4f is worse than the reference %.4f by more than %.4f",
                            metric.key(), value, reference.getAsDouble(), tolerance));
        }
        OptionalDouble limit = recipe.refine().maxDeltaCe();
        OptionalDouble delta = after.deltaCe(before);
        if (limit.isPresent() && delta.isPresent() && delta.getAsDouble() > limit.getAsDouble()) {
            return new Verdict(
                    false,
                    format(
                            "the general sample's cross-entropy rose by %.4f nats, the limit is %.4f",
                            delta.getAsDouble(), limit.getAsDouble()));
        }
        return new Verdict(true, format("%s %.4f", metric.key(), value));
    }

    /** Why a result does not meet the limits of evaluate.gate; empty where it does. */
    public String failure(Measurement before, Measurement after) {
        EvaluateRecipe.Gate gate = recipe.evaluate().gate();
        Metric metric = recipe.metric();
        double value = after.value(metric);
        if (gate.metric().isPresent() && metric.gain(value, gate.metric().getAsDouble()) < 0) {
            return format(
                    "%s is %.4f, evaluate.gate.metric asks for %.4f",
                    metric.key(), value, gate.metric().getAsDouble());
        }
        OptionalDouble delta = after.deltaCe(before);
        if (gate.maxDeltaCe().isPresent()
                && delta.isPresent()
                && delta.getAsDouble() > gate.maxDeltaCe().getAsDouble()) {
            return format(
                    "cross-entropy on general text rose by %.4f nats, evaluate.gate.max-delta-ce allows %.4f",
                    delta.getAsDouble(), gate.maxDeltaCe().getAsDouble());
        }
        return "";
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
