package io.sparkpeft.export;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.adapter.ShiraAdapter;
import io.sparkpeft.param.FrozenWeights;
import io.sparkpeft.store.file.Storage;

/**
 * An adapter in PEFT's own format. Where tuning did not start from the checkpoint as it is, since it was pruned, rounded
 * or drawn at random, the model that it started from is written beside it, and the adapter names that as its base.
 */
public final class ShiraExport {
    /** Directory of the base, in that of the adapter. */
    public static final String BASE = "base";

    private final ShiraAdapter adapter;
    private final String base;

    private ShiraExport(ShiraAdapter adapter, String base) {
        this.adapter = adapter;
        this.base = base;
    }

    /**
     * Writes both.
     *
     * @throws JobException if weights are tuned that the format cannot hold
     */
    public static ShiraExport write(Recipe recipe, MergedModel model, ExportTarget target) {
        SparseDelta tuned = model.tuned();
        ShiraAdapter adapter = adapter(model, tuned);
        boolean isCheckpoint = !model.isPruned()
                && !recipe.startsFromRandomWeights()
                && recipe.model().frozenWeights() == FrozenWeights.FLOAT32;
        Storage written = target.directory().directory(BASE);
        // What reads it knows files by their paths.
        String base = (isCheckpoint ? recipe.model().path() : written.uri()).replaceFirst("^file:(//)?(?=/)", "");
        target.write(directory -> {
            if (!isCheckpoint) {
                model.writeBase(written);
            }
            directory.stream("adapter_model.safetensors", adapter::write);
            directory.replace(
                    "adapter_config.json", adapter.config(recipe.task().type(), base));
        });
        return new ShiraExport(adapter, base);
    }

    private static ShiraAdapter adapter(MergedModel model, SparseDelta tuned) {
        try {
            return ShiraAdapter.of(model.pruned(), tuned.index(), tuned.values());
        } catch (IllegalArgumentException e) {
            throw JobException.config(e.getMessage() + "; a run with update.tensors = linear and update.scope ="
                    + " per-tensor makes one that it can hold");
        }
    }

    public ShiraAdapter adapter() {
        return adapter;
    }

    /** Where the model is that the adapter belongs on. */
    public String base() {
        return base;
    }
}
