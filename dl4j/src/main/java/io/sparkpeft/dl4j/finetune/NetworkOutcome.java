package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.config.TrainMode;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.param.TensorRole;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one mode came to.
 *
 * @param mode how weights were chosen
 * @param pruned accuracy right after pruning; empty where nothing was pruned
 * @param tuned accuracy at the end
 * @param masks of the mode
 */
record NetworkOutcome(TrainMode mode, Optional<Accuracy> pruned, Accuracy tuned, Masks masks) {
    /** Shares of examples told right; no test where there are no such examples. */
    record Accuracy(double dev, Optional<Double> test) {
        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("dev", dev);
            test.ifPresent(share -> json.put("test", share));
            return json;
        }
    }

    private long body() {
        return masks.kept().layout().size(TensorRole.BODY);
    }

    /** Weights that are 0 because they were pruned. */
    long zeros() {
        return body() - masks.kept().count(TensorRole.BODY);
    }

    long tunedWeights() {
        return masks.tuned().count();
    }

    double sparsity() {
        return (double) zeros() / body();
    }

    double density() {
        return (double) masks.tuned().count(TensorRole.BODY) / body();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("mode", Names.value(mode));
        json.put("sparsity", sparsity());
        json.put("density", density());
        json.put("pruned-weights", zeros());
        json.put("tuned-weights", tunedWeights());
        pruned.ifPresent(accuracy -> json.put("accuracy-pruned", accuracy.json()));
        json.put("accuracy-tuned", tuned.json());
        return json;
    }
}
