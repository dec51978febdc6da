package io.sparkpeft.score;

import io.sparkpeft.command.ModelChoice;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.spark.model.BaseModel;
import io.sparkpeft.spark.model.ModelReference;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.stage.OpenRun;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The model that a command was told to use, before its weights are read.
 *
 * @param recipe the command's, with the model in the place of its own
 * @param inputs configuration and tokenizer of the model
 * @param reference of the base, without labels and fingerprint
 * @param adapter on it, where there is one
 */
public record ChosenModel(Recipe recipe, ModelInputs inputs, ModelReference reference, Optional<AdapterFiles> adapter) {

    /**
     * Finds the model.
     *
     * @throws JobException if it is not there or not one that the task can use
     */
    public static ChosenModel of(Recipe recipe, ModelChoice choice, Configuration configuration) {
        if (choice.isRunResult()) {
            return ofRun(recipe, configuration);
        }
        return choice.model().isEmpty()
                ? recipesOwn(recipe, choice.adapter(), configuration)
                : stored(recipe, choice.model(), choice.adapter(), configuration);
    }

    private static ChosenModel ofRun(Recipe recipe, Configuration configuration) {
        Storage run = Storage.at(recipe.outputDirectory(), configuration);
        if (!run.exists(RunDirectory.SUCCESS) && !run.exists(RunDirectory.GATE_NOT_MET)) {
            throw JobException.input(
                    "Cannot use the model of run %s: there is no finished run in %s (finetune makes one; --model or --adapter name another model)"
                            .formatted(recipe.name(), run.uri()));
        }
        return run.directory(RunDirectory.MODEL).exists("config.json")
                ? stored(recipe, run.uri(RunDirectory.MODEL), "", configuration)
                : recipesOwn(recipe, run.uri(RunDirectory.ADAPTER), configuration);
    }

    private static ChosenModel recipesOwn(Recipe recipe, String adapter, Configuration configuration) {
        return of(recipe, OpenRun.reference(recipe, List.of()), adapter, configuration);
    }

    /** The checkpoint in a directory, with the tokenizer that lies there if there is one. */
    private static ChosenModel stored(Recipe recipe, String path, String adapter, Configuration configuration) {
        List<String> files = Storage.at(path, configuration).list();
        boolean hasTokenizer = TokenizerFiles.NAMES.stream().anyMatch(files::contains);
        Recipe other = recipe.withModel(recipe.model().at(path, hasTokenizer ? "" : recipe.tokenizerPath()));
        ModelReference asStored = OpenRun.reference(other, List.of()).at(path);
        return of(
                other,
                adapter.isEmpty()
                        ? asStored
                        : asStored.withFrozen(recipe.model().frozenWeights()),
                adapter,
                configuration);
    }

    private static ChosenModel of(
            Recipe recipe, ModelReference reference, String adapterUri, Configuration configuration) {
        Optional<AdapterFiles> adapter =
                adapterUri.isEmpty() ? Optional.empty() : Optional.of(AdapterFiles.open(adapterUri, configuration));
        adapter.ifPresent(files -> files.requireTask(recipe.task().type()));
        return new ChosenModel(recipe, ModelInputs.read(recipe, configuration), reference, adapter);
    }

    /** The class names in the model's order, where they are known without reading data. */
    public Optional<List<String>> labels() {
        if (recipe.task().type().isLanguageModel()) {
            return Optional.of(List.of());
        }
        if (adapter.isPresent() && !adapter.get().labels().isEmpty()) {
            return Optional.of(adapter.get().labels());
        }
        List<String> named = ClassNames.of(inputs, recipe.task().labels());
        return named.isEmpty() ? Optional.empty() : Optional.of(named);
    }

    /** Where it is, for people. */
    public String name() {
        return adapter.map(files -> "%s with adapter %s".formatted(reference.path(), files.uri()))
                .orElse(reference.path());
    }

    /** Reads the weights, on the driver, so that executors can tell whether they read the same. */
    public LoadedModel load(List<String> labels, Configuration configuration) {
        try (BaseModel base = BaseModel.load(reference.withLabels(labels), configuration)) {
            ModelReference checked = base.reference();
            ModelState state =
                    adapter.map(files -> files.on(checked, base.layout())).orElse(ModelState.of(checked));
            return new LoadedModel(
                    state,
                    labels,
                    base.layout().size(),
                    adapter.isPresent() ? List.of() : base.outline().report().initialised(),
                    base.outline().definition().hasLanguageHead());
        }
    }
}
