package io.sparkpeft.stage;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeKeys;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.run.ModeRecipes;
import io.sparkpeft.run.Progress;
import io.sparkpeft.run.RunContext;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.model.BaseModel;
import io.sparkpeft.spark.model.ModelReference;
import io.sparkpeft.spark.resource.Computation;
import io.sparkpeft.stage.data.DataReport;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.stage.data.PrepareData;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.RunManifest;
import io.sparkpeft.store.Versions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Brings together what a run needs before its first stage: tokenizer, prepared data, base model. */
public final class OpenRun {
    private final Recipe recipe;
    private final Cluster cluster;
    private final RunDirectory directory;
    private final Progress progress;

    public OpenRun(Recipe recipe, Cluster cluster, RunDirectory directory, Progress progress) {
        this.recipe = recipe;
        this.cluster = cluster;
        this.directory = directory;
        this.progress = progress;
    }

    /** Prepares the data, loads the base model and writes the manifest. */
    public Stages open() {
        // What cannot compute in this process, and has to, is told before the first task.
        Computation.of(recipe.model()).require(cluster.context().isLocal());
        ModelInputs inputs = ModelInputs.read(recipe, cluster.hadoopConfiguration());
        RunData data = cluster.profile().stage(Stage.DATA, () -> prepare(inputs));
        BaseModel base = BaseModel.load(reference(recipe, data.labels()), cluster.hadoopConfiguration());
        RunContext run = new RunContext(cluster, directory, data, base, base.reference(), inputs, progress);
        directory.writeManifest(manifest(run));
        sayWhatWasLoaded(base);
        return new Stages(run, ModeRecipes.of(recipe, recipe.train().mode()));
    }

    private RunData prepare(ModelInputs inputs) {
        progress.say("preparing data");
        RunData data = new PrepareData(recipe, cluster.session(), inputs.tokenizer(), directory.uri(RunDirectory.DATA))
                .run(inputs.pretraining(), inputs.maxLength());
        DataReport.sentences(data).forEach(progress::say);
        return data;
    }

    /**
     * The recipe's model, its fingerprint still unknown.
     *
     * @param labels found in the data
     */
    public static ModelReference reference(Recipe recipe, List<String> labels) {
        return new ModelReference(
                recipe.model().path(),
                recipe.startsFromRandomWeights(),
                recipe.task().type(),
                recipe.task().type().isLanguageModel() ? List.of() : labels,
                recipe.seed(),
                Computation.of(recipe.model()),
                recipe.model().frozenWeights(),
                recipe.train().recompute(),
                "");
    }

    private void sayWhatWasLoaded(BaseModel base) {
        progress.say("model %s: %,d weights in %d tensors"
                .formatted(
                        recipe.model().path(),
                        base.layout().size(),
                        base.layout().count()));
        List<String> drawn = base.outline().report().initialised();
        if (drawn.size() == base.layout().count()) {
            progress.say("all weights are drawn from the seed");
        } else if (!drawn.isEmpty()) {
            progress.say("new, drawn from the seed: " + String.join(", ", drawn));
        }
        if (!base.outline().report().ignored().isEmpty()) {
            progress.say("not needed for the task, left out: "
                    + String.join(", ", base.outline().report().ignored()));
        }
    }

    private RunManifest manifest(RunContext run) {
        String backend =
                Computation.of(recipe.model()).description(cluster.context().isLocal());
        progress.say("backend: " + backend);
        Map<String, String> digests = new TreeMap<>();
        digests.put("task", run.data().task().manifest().digest());
        run.data().generic().ifPresent(d -> digests.put("generic", d.manifest().digest()));
        run.data()
                .retention()
                .ifPresent(d -> digests.put("retention", d.manifest().digest()));
        return new RunManifest(
                recipe.name(),
                RecipeKeys.hash(recipe),
                recipe.seed(),
                run.reference().fingerprint(),
                run.inputs().tokenizer().fingerprint(),
                digests,
                Versions.all(backend),
                Versions.settings(cluster.context().getConf()));
    }
}
