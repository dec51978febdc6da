package io.sparkpeft.run;

/**
 * What a run leaves behind.
 *
 * @param weights number of weights of the model
 * @param body number of those that masks choose among
 * @param pruned number of weights that are exactly 0 because they were pruned
 * @param tuned number of weights that the adapter holds, the task head included
 * @param tunedBody number of those in the body
 * @param modelBytes size of model.safetensors; 0 where it is not written
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
        String adapterFingerprint) {}
