package io.sparkpeft.run;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run leaves behind.
 *
 * @param weights number of weights of the model
 * @param body number of those that masks choose among
 * @param pruned number of weights that are exactly 0 because they were pruned
 * @param tuned number of weights that the adapter holds, the task head included
 * @param tunedBody number of those in the body
 * @param modelBytes size of the model's file; 0 where it is not written
 * @param adapterBytes size of the adapter
 * @param adapterFingerprint SHA-256 of the adapter's file
 */
public record Exported(
        long weights,
        long body,
        long pruned,
        long tuned,
        long tunedBody,
        long modelBytes,
        long adapterBytes,
        String adapterFingerprint) {

    /** As {@code result.json} has it. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("weights", weights);
        row.put("sparsity", (double) pruned / body);
        row.put("density", (double) tunedBody / body);
        row.put("pruned-weights", pruned);
        row.put("tuned-weights", tuned);
        row.put("model-bytes", modelBytes);
        row.put("adapter-bytes", adapterBytes);
        row.put("adapter-sha256", adapterFingerprint);
        return row;
    }
}
