package io.sparkpeft;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.energy.EnergyTotals;
import io.sparkpeft.run.Gate;
import io.sparkpeft.run.Outcome;
import io.sparkpeft.run.Phase;
import io.sparkpeft.store.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        return new JobResult(
                recipe, outcomes, seconds, stages, energy, new Gate(recipe).failure(last.before(), last.measurement()));
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
        values.put("before", outcome().before().row());
        Map<String, Object> modes = new LinkedHashMap<>();
        outcomes.forEach(outcome -> modes.put(outcome.mode().key(), mode(outcome)));
        values.put("result-mode", outcome().mode().key());
        values.put("modes", modes);
        return values;
    }

    private Map<String, Object> mode(Outcome outcome) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("after", outcome.measurement().row());
        outcome.measurement().deltaCe(outcome.before()).ifPresent(delta -> values.put("delta-ce", delta));
        outcome.ending().ifPresent(ending -> {
            ending.test().ifPresent(test -> values.put("test", test.row()));
            values.put("exported", ending.exported().row());
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
            row.put("pruned", phase.pruned().row());
            row.put("tuned", phase.tuned().row());
            row.put("accepted", outcome.verdicts().get(i).accepted());
            row.put("reason", outcome.verdicts().get(i).reason());
            phases.add(row);
        }
        values.put("phases", phases);
        return values;
    }
}
