package io.sparkpeft.benchmark.input;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.checkpoint.Checkpoint;
import io.sparkpeft.model.checkpoint.StoredModel;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.weights.ReplicaWeights;
import io.sparkpeft.model.weights.SharedWeights;
import io.sparkpeft.param.FrozenWeights;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.param.source.RoundedWeights;
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
 * @param frozen in what precision matrices start, and how those that are not tuned are held
 * @param recompute what backward computes again
 * @param seed of everything drawn: weights, data and their order
 */
public record ModelSource(
        ModelShape shape,
        Optional<Path> checkpoint,
        BackendChoice backend,
        FrozenWeights frozen,
        Recompute recompute,
        long seed) {
    public ModelSource {
        BackendProvider.named(backend.name()).require(backend.precision());
    }

    /** The same with another vocabulary, where the weights are random. */
    public ModelSource withVocabulary(int vocabulary) {
        return new ModelSource(shape.withVocabulary(vocabulary), checkpoint, backend, frozen, recompute, seed);
    }

    /** The objective of the family's pre-training, or classification. */
    public Objective objective(boolean language) {
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
    public StoredModel load(Objective objective, List<String> labels) {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        return read(files -> open(files, objective, labels).store(directory, seed));
    }

    /** The weights that training starts from. */
    public WeightSource start(StoredModel weights) {
        return frozen == FrozenWeights.BF16 ? new RoundedWeights(weights.weights()) : weights.weights();
    }

    /** The same in memory, for replicas to share; its first user has joined. */
    public SharedWeights shared(StoredModel weights) {
        SharedWeights shared = new SharedWeights(start(weights), backend.create(), frozen == FrozenWeights.BF16);
        shared.join();
        return shared;
    }

    /** A replica on a backend of its own, for one thread, that has all weights to itself. */
    public TransformerModel replica(StoredModel weights) {
        return new TransformerModel(weights.definition(), backend.create(), start(weights)).recomputing(recompute);
    }

    /** A replica on a backend of its own, for one thread, as a task of an executor has it. */
    public TransformerModel replica(StoredModel weights, Backend own, SharedWeights shared, Optional<MaskIndex> tuned) {
        shared.join();
        return new TransformerModel(weights.definition(), own, new ReplicaWeights(shared, own, tuned))
                .recomputing(recompute);
    }

    /** What computes, in words. */
    public String description() {
        return backend.description();
    }

    public String text() {
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
