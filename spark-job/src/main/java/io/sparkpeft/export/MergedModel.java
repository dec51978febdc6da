package io.sparkpeft.export;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.DeltaHeader;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.CheckpointWriter;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.param.source.PrunedWeights;
import io.sparkpeft.param.source.TunedWeights;
import io.sparkpeft.spark.model.BaseModel;
import io.sparkpeft.spark.model.ModelReference;
import io.sparkpeft.spark.resource.Computation;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.stage.export.GenerationConfig;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * A base model with an adapter put on: weights outside the prune mask set to 0, those of the adapter replaced. With the
 * values of an f32 adapter these are the very bits of the model that the run made.
 */
public final class MergedModel {
    private final Storage checkpoint;
    private final ModelInputs inputs;
    private final BaseModel base;
    private final WeightSource pruned;
    private final boolean isPruned;
    private final SparseDelta tuned;

    private MergedModel(
            Storage checkpoint,
            ModelInputs inputs,
            BaseModel base,
            WeightSource pruned,
            boolean isPruned,
            SparseDelta tuned) {
        this.checkpoint = checkpoint;
        this.inputs = inputs;
        this.base = base;
        this.pruned = pruned;
        this.isPruned = isPruned;
        this.tuned = tuned;
    }

    /**
     * Reads both and puts them together.
     *
     * @param recipe names the base model and the seed of the weights that it does not hold
     * @param adapter directory of the adapter
     * @throws JobException if one of them is missing, or the base is not the adapter's own
     * @throws io.sparkpeft.delta.DeltaFormatException if the adapter is damaged or belongs to another base
     */
    public static MergedModel read(Recipe recipe, String adapter, Configuration configuration) {
        Storage files = Storage.at(adapter, configuration);
        byte[] delta = files.read(RunDirectory.ADAPTER_FILE);
        String source = files.uri(RunDirectory.ADAPTER_FILE);
        ModelInputs inputs = ModelInputs.read(recipe, configuration);
        BaseModel base = BaseModel.load(reference(recipe, DeltaCodec.header(delta, source), source), configuration);
        SparseDelta tuned = DeltaCodec.decode(delta, base.layout(), source);
        tuned.requireBase(base.fingerprint(), source);
        WeightSource pruned = base.weights();
        boolean isPruned = false;
        if (files.exists(RunDirectory.PRUNE_MASK_FILE)) {
            ParameterMask kept = DeltaCodec.decodeMask(
                    files.read(RunDirectory.PRUNE_MASK_FILE), base.layout(), files.uri(RunDirectory.PRUNE_MASK_FILE));
            pruned = new PrunedWeights(pruned, kept);
            // Runs that prune nothing write a mask of all weights.
            isPruned = kept.density() < 1;
        }
        Storage checkpoint = Storage.at(recipe.model().path(), configuration);
        return new MergedModel(checkpoint, inputs, base, pruned, isPruned, tuned);
    }

    private static ModelReference reference(Recipe recipe, DeltaHeader header, String source) {
        Objective objective = recipe.task().type();
        String task = header.metadata().getOrDefault("task", objective.name());
        if (!task.equals(objective.name())) {
            throw JobException.config("Cannot apply %s: it was made for the task %s, the recipe is for %s"
                    .formatted(source, task, objective));
        }
        String labels = header.metadata().getOrDefault("labels", "");
        return new ModelReference(
                recipe.model().path(),
                recipe.startsFromRandomWeights(),
                objective,
                labels.isEmpty() ? List.of() : List.of(labels.split("\t", -1)),
                recipe.seed(),
                Computation.of(recipe.model()),
                recipe.model().frozenWeights(),
                recipe.train().recompute(),
                "");
    }

    /** Number of its weights. */
    public long weights() {
        return base.layout().size();
    }

    /** Writes the model with its tokenizer in Hugging Face layout. */
    public void write(Storage target) {
        write(new TunedWeights(pruned, tuned.index(), tuned.values()), target);
    }

    /** Writes the model as it was before it was tuned, pruned if it was. */
    void writeBase(Storage target) {
        write(pruned, target);
    }

    boolean isPruned() {
        return isPruned;
    }

    /** The weights before tuning. */
    WeightSource pruned() {
        return pruned;
    }

    SparseDelta tuned() {
        return tuned;
    }

    private void write(WeightSource weights, Storage target) {
        CheckpointWriter writer = new CheckpointWriter(base.outline());
        for (String name : inputs.tokenizer().names()) {
            target.replace(name, inputs.tokenizer().bytes(name).orElseThrow());
        }
        GenerationConfig.copy(checkpoint, target);
        target.replace("config.json", writer.config(inputs.padToken()));
        target.stream("model.safetensors", out -> writer.writeWeights(weights, out));
    }
}
