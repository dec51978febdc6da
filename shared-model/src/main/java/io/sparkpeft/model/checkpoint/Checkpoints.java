package io.sparkpeft.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads Hugging Face checkpoints: config.json with model.safetensors, whole or in shards. */
public final class Checkpoints {
    private static final String CONFIG = "config.json";

    private Checkpoints() {}

    /** A checkpoint's config.json. */
    public static ConfigJson config(CheckpointFiles files) throws IOException {
        return ConfigJson.parse(files.read(CONFIG), files.location(CONFIG));
    }

    /** The class names that a checkpoint's configuration states, in order; none where it states none. */
    public static List<String> labels(ConfigJson config) throws CheckpointException {
        JsonNode labels = config.node("id2label");
        List<String> names = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            JsonNode name = labels.path(Integer.toString(label));
            if (!name.isTextual()) {
                throw new CheckpointException("Invalid id2label in %s: %s (texts under 0 to %d are needed)"
                        .formatted(config.location(), labels, labels.size() - 1));
            }
            names.add(name.textValue());
        }
        return names;
    }

    /**
     * Loads a checkpoint for a task. A task head that the checkpoint does not have, or has for another number of
     * classes, is drawn at random and reported.
     *
     * @param labels names of the classes; none for a language model
     * @param seed of what is drawn
     * @throws CheckpointException if the files are damaged, not supported, or lack tensors
     */
    public static PretrainedModel load(CheckpointFiles files, Objective objective, List<String> labels, long seed)
            throws IOException {
        Opened opened = open(files, objective, labels);
        Parameters parameters = opened.loader().load(seed);
        return new PretrainedModel(
                opened.definition(),
                parameters,
                opened.json(),
                opened.stored().renamed(),
                opened.loader().report());
    }

    /**
     * What {@link #load} would give, told by the configuration and the headers of the files.
     *
     * @throws CheckpointException if the files are damaged, not supported, or lack tensors
     */
    public static ModelOutline outline(CheckpointFiles files, Objective objective, List<String> labels)
            throws IOException {
        Opened opened = open(files, objective, labels);
        opened.loader().check();
        return new ModelOutline(opened.definition(), opened.loader().report());
    }

    private record Opened(ConfigJson json, StoredTensors stored, ModelDefinition definition, TensorLoader loader) {}

    private static Opened open(CheckpointFiles files, Objective objective, List<String> labels) throws IOException {
        ConfigJson json = config(files);
        ModelFamily family = ModelFamilies.of(json);
        TransformerConfig config = family.read(json);
        TaskHead task = task(json, config, objective, labels);
        ShardIndex index = ShardIndex.read(files);
        StoredTensors stored = new StoredTensors(index, family, config, files.location(""));
        ModelDefinition definition = new LayoutBuilder(family, config, task, Optional.of(stored.names())).build();
        return new Opened(json, stored, definition, new TensorLoader(files, index, stored, definition));
    }

    /** A model of random initial weights, from the config.json alone. */
    public static PretrainedModel loadRandom(CheckpointFiles files, Objective objective, List<String> labels, long seed)
            throws IOException {
        ModelDefinition definition = outlineRandom(files, objective, labels).definition();
        RandomWeights random = new RandomWeights(definition, seed);
        float[][] values = new float[definition.layout().count()][];
        for (int t = 0; t < values.length; t++) {
            values[t] = random.tensor(t);
        }
        return new PretrainedModel(
                definition, new Parameters(definition.layout(), values), config(files), Map.of(), allDrawn(definition));
    }

    /** What {@link #loadRandom} would give. */
    public static ModelOutline outlineRandom(CheckpointFiles files, Objective objective, List<String> labels)
            throws IOException {
        ConfigJson json = config(files);
        ModelFamily family = ModelFamilies.of(json);
        TransformerConfig config = family.read(json);
        TaskHead task = task(json, config, objective, labels);
        ModelDefinition definition = new LayoutBuilder(family, config, task, Optional.empty()).build();
        return new ModelOutline(definition, allDrawn(definition));
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
}
