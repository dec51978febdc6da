package io.sparkpeft;

import io.sparkpeft.config.EvaluateRecipe;
import io.sparkpeft.config.Metric;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.energy.EnergyTotals;
import io.sparkpeft.run.Exported;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.Outcome;
import io.sparkpeft.run.Phase;
import io.sparkpeft.store.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a job came to.
 *
 * @param outcomes one per mode, the recipe's own last; none where the run was finished earlier
 * @param seconds that this start of the job took
 * @param stages seconds of each stage, over all starts of the run
 * @param energy that the run used, over all its starts
 * @param gateFailure why the result does not meet the recipe's limits; empty where it does
 */
public record JobResult(
        Recipe recipe,
        List<Outcome> outcomes,
        double seconds,
        Map<String, Double> stages,
        EnergyTotals energy,
        String gateFailure) {
    static JobResult of(
            Recipe recipe, List<Outcome> outcomes, double seconds, Map<String, Double> stages, EnergyTotals energy) {
        Outcome last = outcomes.get(outcomes.size() - 1);
        return new JobResult(recipe, outcomes, seconds, stages, energy, gateFailure(recipe, last));
    }

    static JobResult finishedEarlier(Recipe recipe, boolean gateMet) {
        return new JobResult(
                recipe,
                List.of(),
                0,
                Map.of(),
                EnergyTotals.of(List.of(), recipe.output().wattsPerCore()),
                gateMet ? "" : "the finished run did not meet the limits of evaluate.gate");
    }

    public boolean isGateMet() {
        return gateFailure.isEmpty();
    }

    /** Whether this start of the job did nothing, since the run was finished. */
    public boolean isFinishedEarlier() {
        return outcomes.isEmpty();
    }

    /** The outcome of the recipe's own mode. */
    public Outcome outcome() {
        return outcomes.get(outcomes.size() - 1);
    }

    private static String gateFailure(Recipe recipe, Outcome outcome) {
        EvaluateRecipe.Gate gate = recipe.evaluate().gate();
        Metric metric = recipe.metric();
        double value = outcome.measurement().value(metric);
        if (gate.metric().isPresent() && metric.gain(value, gate.metric().getAsDouble()) < 0) {
            return String.format(
                    Locale.ROOT,
                    "%s is %.4f, evaluate.gate.metric asks for %.4f",
                    metric.key(),
                    value,
                    gate.metric().getAsDouble());
        }
        OptionalDouble delta = outcome.measurement().deltaCe(outcome.before());
        if (gate.maxDeltaCe().isPresent()
                && delta.isPresent()
                && delta.getAsDouble() > gate.maxDeltaCe().getAsDouble()) {
            return String.format(
                    Locale.ROOT,
                    "cross-entropy on general text rose by %.4f nats, evaluate.gate.max-delta-ce allows %.4f",
                    delta.getAsDouble(),
                    gate.maxDeltaCe().getAsDouble());
        }
        return "";
    }

    /** The content of {@code result.json}. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("version", Versions.program());
        values.put("commit", Versions.commit());
        values.put("name", recipe.name());
        values.put("metric", recipe.metric().key());
        values.put("seconds", seconds);
        values.put("stages", stages);
        if (!energy.values().isEmpty()) {
            values.put("energy", energy.values());
        }
        values.put("gate-met", isGateMet());
        values.put("gate-failure", gateFailure);
        values.put("before", measurement(outcome().before()));
        Map<String, Object> modes = new LinkedHashMap<>();
        outcomes.forEach(outcome -> modes.put(outcome.mode().key(), mode(outcome)));
        values.put("result-mode", outcome().mode().key());
        values.put("modes", modes);
        return values;
    }

    private Map<String, Object> mode(Outcome outcome) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("after", measurement(outcome.measurement()));
        outcome.measurement().deltaCe(outcome.before()).ifPresent(delta -> values.put("delta-ce", delta));
        outcome.ending().ifPresent(ending -> {
            ending.test().ifPresent(test -> values.put("test", measurement(test)));
            values.put("exported", exported(ending.exported()));
            values.put("seconds", ending.seconds());
        });
        Map<String, Object> used = energy.values(outcome.mode().key());
        if (!used.isEmpty()) {
            values.put("energy", used);
        }
        values.put("stop-reason", outcome.stopReason());
        List<Object> phases = new ArrayList<>();
        for (int i = 0; i < outcome.phases().size(); i++) {
            Phase phase = outcome.phases().get(i);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("number", phase.plan().number());
            row.put("sparsity", phase.plan().sparsity());
            row.put("pruned", measurement(phase.pruned()));
            row.put("tuned", measurement(phase.tuned()));
            row.put("accepted", outcome.verdicts().get(i).accepted());
            row.put("reason", outcome.verdicts().get(i).reason());
            phases.add(row);
        }
        values.put("phases", phases);
        return values;
    }

    private static Map<String, Object> measurement(Measurement measurement) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("examples", measurement.examples());
        values.putAll(measurement.values());
        return values;
    }

    private static Map<String, Object> exported(Exported exported) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("weights", exported.weights());
        values.put("sparsity", (double) exported.pruned() / exported.body());
        values.put("density", (double) exported.tunedBody() / exported.body());
        values.put("pruned-weights", exported.pruned());
        values.put("tuned-weights", exported.tuned());
        values.put("model-bytes", exported.modelBytes());
        values.put("adapter-bytes", exported.adapterBytes());
        values.put("adapter-sha256", exported.adapterFingerprint());
        return values;
    }
}
