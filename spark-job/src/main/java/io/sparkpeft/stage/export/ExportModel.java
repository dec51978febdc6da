package io.sparkpeft.stage.export;

import io.sparkpeft.config.OutputRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.delta.ValueType;
import io.sparkpeft.model.checkpoint.CheckpointWriter;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.run.Exported;
import io.sparkpeft.run.RunContext;
import io.sparkpeft.spark.model.BaseModel;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.StateWeights;
import io.sparkpeft.spark.model.TunedValues;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the model in Hugging Face layout and the adapter, after checking bit by bit that pruned weights are 0, that
 * weights outside the masks are those of the base, and that the adapter applied to the pruned base gives the model.
 */
public final class ExportModel {
    private final RunContext run;
    private final Recipe recipe;

    public ExportModel(RunContext run, Recipe recipe) {
        this.run = run;
        this.recipe = recipe;
    }

    /** @param isResult whether the files are written, or only their sizes wanted */
    public Exported export(ModelState state, boolean isResult) {
        WeightSource base = run.base().weights();
        StateWeights weights = StateWeights.open(base, state, run.cluster().hadoopConfiguration());
        ParameterMask kept = weights.kept();
        TunedValues tuned = weights.tuned().orElseGet(() -> nothing(weights));
        ExportChecks.requireExact(base, weights, kept, tuned);

        byte[] adapter = DeltaCodec.encode(adapter(kept, tuned));
        if (isResult) {
            Storage files = run.directory().storage().directory(RunDirectory.ADAPTER);
            files.replace(RunDirectory.PRUNE_MASK_FILE, DeltaCodec.encode(kept));
            files.replace(RunDirectory.ADAPTER_FILE, adapter);
            run.directory().writeTensors(TensorCounts.of(kept, tuned.index().mask()));
        }
        long modelBytes = isResult && recipe.output().exportModel() ? writeModel(weights) : 0;
        ParameterLayout layout = base.layout();
        long body = layout.size(TensorRole.BODY);
        return new Exported(
                layout.size(),
                body,
                body - kept.count(TensorRole.BODY),
                tuned.index().size(),
                tuned.index().mask().count(TensorRole.BODY),
                modelBytes,
                adapter.length,
                new Fingerprint().add(adapter).hex());
    }

    private SparseDelta adapter(ParameterMask kept, TunedValues tuned) {
        ValueType type =
                recipe.output().adapterValues() == OutputRecipe.AdapterValues.BF16 ? ValueType.BF16 : ValueType.F32;
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("name", recipe.name());
        metadata.put("prune-mask", kept.fingerprint());
        metadata.put("sparsity", Double.toString(1 - kept.density()));
        metadata.put("density", Double.toString(tuned.index().mask().density()));
        metadata.put("task", recipe.task().type().name());
        metadata.put("labels", String.join("\t", run.data().labels()));
        return SparseDelta.of(run.reference().fingerprint(), tuned.index(), tuned.values(), type, metadata);
    }

    private long writeModel(WeightSource model) {
        Storage files = run.directory().storage().directory(RunDirectory.MODEL);
        CheckpointWriter writer = new CheckpointWriter(run.base().outline());
        for (String name : run.inputs().tokenizer().names()) {
            files.replace(name, run.inputs().tokenizer().bytes(name).orElseThrow());
        }
        GenerationConfig.copy(Storage.at(recipe.model().path(), run.cluster().hadoopConfiguration()), files);
        files.replace("config.json", writer.config(run.inputs().padToken()));
        files.stream("model.safetensors", out -> writer.writeWeights(model, out));
        requireReadsBack(files.uri(), model);
        return writer.weightsLength(model);
    }

    /** Reads the model as any user of it will, which must give the very bits. */
    private void requireReadsBack(String directory, WeightSource model) {
        try (BaseModel read =
                BaseModel.load(run.reference().at(directory), run.cluster().hadoopConfiguration())) {
            if (!read.weights().fingerprint().equals(model.fingerprint())) {
                throw new IllegalStateException(
                        "Cannot export: the model in %s does not read back as it was written".formatted(directory));
            }
        }
    }

    private static TunedValues nothing(StateWeights weights) {
        return new TunedValues(new MaskIndex(ParameterMask.none(weights.layout())), new float[0]);
    }
}
