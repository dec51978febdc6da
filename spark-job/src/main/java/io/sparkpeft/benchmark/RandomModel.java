package io.sparkpeft.benchmark;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

/** A model of random weights, which the seed alone decides. */
final class RandomModel {
    /** Classes of a classifier. */
    static final int CLASSES = 2;

    private RandomModel() {}

    static PretrainedModel weights(ModelShape shape, Objective objective, int classes, long seed) {
        List<String> labels = objective.isLanguageModel()
                ? List.of()
                : IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        try {
            return Checkpoints.loadRandom(new ShapeFiles(shape), objective, labels, seed);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a model of %s: %s".formatted(shape, e.getMessage()), e);
        }
    }

    /** A replica on a backend of its own, for one thread. */
    static TransformerModel replica(PretrainedModel weights, String backend) {
        return new TransformerModel(weights.definition(), BackendProvider.create(backend), weights.parameters());
    }

    /** Gives a replica's memory back, its backend's too. */
    static void release(TransformerModel replica) {
        replica.close();
        replica.backend().close();
    }
}
