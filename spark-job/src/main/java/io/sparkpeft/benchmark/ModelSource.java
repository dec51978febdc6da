package io.sparkpeft.benchmark;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.Checkpoint;
import io.sparkpeft.model.checkpoint.StoredModel;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.transformer.TransformerModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a model comes from and what computes it.
 *
 * @param shape of random weights
 * @param checkpoint directory of a checkpoint that is used instead, if any
 * @param backend that computes
 * @param recompute whether backward computes layers again
 * @param seed of everything drawn: weights, data and their order
 */
public record ModelSource(ModelShape shape, Optional<Path> checkpoint, String backend, boolean recompute, long seed) {
    public ModelSource {
        BackendProvider.named(backend);
    }

    /** The same with another vocabulary, where the weights are random. */
    ModelSource withVocabulary(int vocabulary) {
        return new ModelSource(shape.withVocabulary(vocabulary), checkpoint, backend, recompute, seed);
    }

    /** The objective of the family's pre-training, or classification. */
    Objective objective(boolean language) {
        if (!language) {
            return Objective.SEQUENCE_CLASSIFICATION;
        }
        return outline(Objective.SEQUENCE_CLASSIFICATION, List.of("0", "1"));
    }

    private Objective outline(Objective objective, List<String> labels) {
        return read(files ->
                open(files, objective, labels).outline().definition().config().languageObjective());
    }

    private Checkpoint open(CheckpointFiles files, Objective objective, List<String> labels) throws IOException {
        return checkpoint.isPresent()
                ? Checkpoint.open(files, objective, labels)
                : Checkpoint.random(files, objective, labels);
    }

    /**
     * The model with its weights in a file, as an executor has it.
     *
     * @param labels names of the classes; none for a language model
     */
    StoredModel load(Objective objective, List<String> labels) {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        return read(files -> open(files, objective, labels).store(directory, seed));
    }

    /** A replica on a backend of its own, for one thread. */
    TransformerModel replica(StoredModel weights) {
        return new TransformerModel(weights.definition(), BackendProvider.create(backend), weights.weights())
                .recomputing(recompute);
    }

    /** What computes, in words. */
    String description() {
        return BackendProvider.named(backend).description();
    }

    String text() {
        return checkpoint.map(Path::toString).orElseGet(shape::text);
    }

    private interface Reader<T> {
        T read(CheckpointFiles files) throws IOException;
    }

    private <T> T read(Reader<T> reader) {
        try {
            return reader.read(
                    checkpoint.<CheckpointFiles>map(LocalCheckpointFiles::new).orElseGet(() -> new ShapeFiles(shape)));
        } catch (IOException e) {
            throw JobException.input(e.getMessage());
        }
    }
}
