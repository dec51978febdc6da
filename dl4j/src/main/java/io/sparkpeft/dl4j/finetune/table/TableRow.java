package io.sparkpeft.dl4j.finetune.table;

import io.sparkpeft.random.CounterRandom;
import java.io.Serializable;

/**
 * One row of a table.
 *
 * @param features the network's inputs
 * @param label the class's name
 * @param problem why the row cannot be used; empty if it can
 */
record TableRow(float[] features, String label, String problem) implements Serializable {
    static TableRow unusable(String problem) {
        return new TableRow(new float[0], "", problem);
    }

    boolean isUsable() {
        return problem.isEmpty();
    }

    /** Depends on what the row holds alone, so that neither the order of files nor their blocks matter. */
    long hash() {
        long hash = label.hashCode();
        for (float feature : features) {
            hash = CounterRandom.mix(hash, Float.floatToRawIntBits(feature));
        }
        return hash;
    }
}
