package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.energy.EnergyTotals;
import io.sparkpeft.run.Exported;
import io.sparkpeft.run.Measurement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one mode came to.
 *
 * @param mode how weights were chosen
 * @param sparsity that it prunes to
 * @param pruned measured on dev right after pruning
 * @param tuned measured on dev at the end
 * @param test measured at the end, where there are such examples
 * @param exported what was written, or would be
 * @param seconds that the rounds took
 */
record NetworkOutcome(
        TrainMode mode,
        double sparsity,
        Measurement pruned,
        Measurement tuned,
        Optional<Measurement> test,
        Exported exported,
        double seconds) {

    /** As {@code result.json} has it: a network is pruned and tuned in one phase, which is always kept. */
    Map<String, Object> values(EnergyTotals energy) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("after", tuned.row());
        test.ifPresent(measured -> values.put("test", measured.row()));
        values.put("exported", exported.row());
        values.put("seconds", seconds);
        Map<String, Object> used = energy.values(mode.key());
        if (!used.isEmpty()) {
            values.put("energy", used);
        }
        values.put("stop-reason", "all rounds done");
        Map<String, Object> phase = new LinkedHashMap<>();
        phase.put("number", 1);
        phase.put("sparsity", sparsity);
        phase.put("pruned", pruned.row());
        phase.put("tuned", tuned.row());
        phase.put("accepted", true);
        phase.put("reason", "there is one phase");
        values.put("phases", List.of(phase));
        return values;
    }
}
