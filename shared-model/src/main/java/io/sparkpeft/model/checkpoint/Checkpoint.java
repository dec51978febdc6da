package io.sparkpeft.model.checkpoint;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.ConfigJson;
import io.sparkpeft.model.architecture.LayoutBuilder;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.architecture.ModelFamilies;
import io.sparkpeft.model.architecture.ModelFamily;
import io.sparkpeft.model.architecture.TaskHead;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import io.sparkpeft.model.safetensors.ShardIndex;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.source.WeightFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A checkpoint opened for a task: what it is, known from configuration and headers, and its weights on demand. */
public final class Checkpoint {
    private final ModelOutline outline;
    private final Reader reader;

    private Checkpoint(ModelOutline outline, Reader reader) {
        this.outline = outline;
        this.reader = reader;
    }

    private interface Reader {
        void read(long seed, WeightTarget target) throws IOException;
    }

    /**
     * Opens a checkpoint. A task head that it does not have, or has for another number of classes, will be drawn at
     * random and is reported.
     *
     * @param labels names of the classes; none for a language model
     * @throws CheckpointException if the files are damaged, not supported, or lack tensors
     */
    public static Checkpoint open(CheckpointFiles files, Objective objective, List<String> labels) throws IOException {
        ConfigJson json = Checkpoints.config(files);
        ModelFamily family = ModelFamilies.of(json);
        TransformerConfig config = family.read(json);
        TaskHead task = task(json, config, objective, labels);
        ShardIndex index = ShardIndex.read(files);
        StoredTensors stored = new StoredTensors(index, family, config, files.location(""));
        ModelDefinition definition = new LayoutBuilder(family, config, task, Optional.of(stored.names())).build();
        TensorLoader loader = new TensorLoader(files, index, stored, definition);
        loader.check();
        return new Checkpoint(new ModelOutline(definition, json, stored.renamed(), loader.report()), loader::read);
    }

    /** Opens a checkpoint of which the config.json alone counts: all weights will be drawn. */
    public static Checkpoint random(CheckpointFiles files, Objective objective, List<String> labels)
            throws IOException {
        ConfigJson json = Checkpoints.config(files);
        ModelFamily family = ModelFamilies.of(json);
        TransformerConfig config = family.read(json);
        TaskHead task = task(json, config, objective, labels);
        ModelDefinition definition = new LayoutBuilder(family, config, task, Optional.empty()).build();
        return new Checkpoint(
                new ModelOutline(definition, json, Map.of(), allDrawn(definition)),
                (seed, target) -> draw(new RandomWeights(definition, seed), target));
    }

    private static void draw(RandomWeights random, WeightTarget target) {
        for (int t = 0; t < random.layout().count(); t++) {
            int tensor = t;
            random.forEachPiece(tensor, (from, count, values) -> target.write(tensor, from, count, values));
        }
    }

    private static LoadReport allDrawn(ModelDefinition definition) {
        return new LoadReport(
                definition.layout().tensors().stream().map(TensorSpec::name).toList(), List.of());
    }

    private static TaskHead task(ConfigJson json, TransformerConfig config, Objective objective, List<String> labels)
            throws CheckpointException {
        if (objective.isLanguageModel() && objective != config.languageObjective()) {
            throw new CheckpointException("Cannot use %s for %s: a model of type %s is for %s"
                    .formatted(json.location(), objective, json.text("model_type"), config.languageObjective()));
        }
        return new TaskHead(objective, labels);
    }

    public ModelOutline outline() {
        return outline;
    }

    /**
     * Reads all weights, each once, without ever holding more than a piece of them.
     *
     * @param seed of what is drawn
     * @throws CheckpointException if the files are damaged
     */
    public void read(long seed, WeightTarget target) throws IOException {
        reader.read(seed, target);
    }

    /**
     * Reads all weights into a file.
     *
     * @param directory on a disk of this machine, with room for 4 bytes a weight
     */
    public StoredModel store(Path directory, long seed) throws IOException {
        WeightFile file = WeightFile.create(directory, outline.definition().layout());
        read(seed, file::write);
        return new StoredModel(outline, file);
    }

    /** Reads all weights into ordinary memory. */
    public PretrainedModel load(long seed) throws IOException {
        Parameters parameters = Parameters.zeros(outline.definition().layout());
        read(
                seed,
                (tensor, from, count, values) -> System.arraycopy(values, 0, parameters.tensor(tensor), from, count));
        return new PretrainedModel(outline, parameters);
    }
}
