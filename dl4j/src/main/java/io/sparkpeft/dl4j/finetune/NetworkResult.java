package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.energy.EnergyTotals;
import io.sparkpeft.run.Gate;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.store.Versions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param before the network as it was, measured on dev
 * @param modes the baselines, then the recipe's own
 * @param rowsLeftOut rows of the tables that could not be used
 */
record NetworkResult(Recipe recipe, Measurement before, List<NetworkOutcome> modes, long rowsLeftOut) {
    NetworkOutcome own() {
        return modes.get(modes.size() - 1);
    }

    /** Why the result does not meet the recipe's limits; empty where it does. */
    String gateFailure() {
        return new Gate(recipe).failure(before, own().tuned());
    }

    /**
     * The content of {@code result.json}.
     *
     * @param seconds of this start
     * @param stages seconds of each stage, over all starts
     * @param energy over all starts
     */
    Map<String, Object> values(double seconds, Map<String, Double> stages, EnergyTotals energy) {
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
        values.put("rows-left-out", rowsLeftOut);
        values.put("gate-met", gateFailure().isEmpty());
        values.put("gate-failure", gateFailure());
        values.put("before", before.row());
        values.put("result-mode", own().mode().key());
        Map<String, Object> outcomes = new LinkedHashMap<>();
        modes.forEach(mode -> outcomes.put(mode.mode().key(), mode.values(energy)));
        values.put("modes", outcomes);
        return values;
    }
}
