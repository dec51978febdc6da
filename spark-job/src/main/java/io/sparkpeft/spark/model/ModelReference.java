package io.sparkpeft.spark.model;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.param.FrozenWeights;
import io.sparkpeft.spark.resource.Computation;
import java.io.Serializable;
import java.util.List;

/**
 * Says how to make the base model: enough for any executor to load the same bits from the file system.
 *
 * @param path directory of the checkpoint
 * @param random whether weights are drawn from the seed instead of read
 * @param objective what the model is trained for
 * @param labels class names in order; empty for a language model
 * @param seed of the weights that the checkpoint does not hold
 * @param computation what computes
 * @param frozen in what precision its matrices start, and how those that are not tuned are held
 * @param recompute what backward computes again instead of keeping what forward found
 * @param fingerprint of the weights, so that an executor that reads others refuses to work
 */
public record ModelReference(
        String path,
        boolean random,
        Objective objective,
        List<String> labels,
        long seed,
        Computation computation,
        FrozenWeights frozen,
        Recompute recompute,
        String fingerprint)
        implements Serializable {

    /**
     * The same model as it was found.
     *
     * @param uri of the directory, which means the same in every process
     * @param print of its weights
     */
    ModelReference found(String uri, String print) {
        return new ModelReference(uri, random, objective, labels, seed, computation, frozen, recompute, print);
    }

    /** The same model for other classes. */
    public ModelReference withLabels(List<String> names) {
        return new ModelReference(path, random, objective, names, seed, computation, frozen, recompute, fingerprint);
    }

    /** The same kind of model, read from another directory as it lies there: nothing is rounded. */
    public ModelReference at(String directory) {
        return new ModelReference(
                directory, false, objective, labels, seed, computation, FrozenWeights.FLOAT32, recompute, "");
    }

    /** The same model in another precision. */
    public ModelReference withFrozen(FrozenWeights precision) {
        return new ModelReference(
                path, random, objective, labels, seed, computation, precision, recompute, fingerprint);
    }
}
