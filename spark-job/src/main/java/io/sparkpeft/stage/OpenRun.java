package io.sparkpeft.stage;

import io.sparkpeft.config.ModelRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.TrainMode;
import io.sparkpeft.config.file.RecipeKeys;
import io.sparkpeft.datasets.shard.MaskingRule;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.ConfigJson;
import io.sparkpeft.model.architecture.ModelFamilies;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.spark.BaseModel;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.ModelReference;
import io.sparkpeft.store.HadoopCheckpointFiles;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.RunManifest;
import io.sparkpeft.store.Versions;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.TokenizerFiles;
import io.sparkpeft.tokenizer.huggingface.Tokenizers;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
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
        TransformerConfig config = config();
        TokenizerFiles files = tokenizerFiles();
        try (Tokenizer tokenizer = Tokenizers.load(files)) {
            requireSameVocabulary(config, tokenizer);
            Objective pretraining = config.languageObjective();
            RunData data = prepare(files, pretraining, maxLength(config));
            PretrainedModel base = BaseModel.load(reference(data, ""), cluster.hadoopConfiguration());
            ModelReference reference = reference(data, base.parameters().fingerprint());
            MaskingRule masking = pretraining == Objective.MASKED_LM ? MaskingRule.of(tokenizer) : MaskingRule.none();
            OptionalInt pad = tokenizer.padTokenId();
            RunContext run = new RunContext(cluster, directory, data, base, reference, files, masking, pad, progress);
            directory.writeManifest(manifest(run));
            sayWhatWasLoaded(base);
            return new Stages(run, ModeRecipes.of(recipe, recipe.train().mode()));
        }
    }

    private TransformerConfig config() {
        HadoopCheckpointFiles files = new HadoopCheckpointFiles(recipe.model().path(), cluster.hadoopConfiguration());
        try {
            ConfigJson json = Checkpoints.config(files);
            return ModelFamilies.of(json).read(json);
        } catch (CheckpointException e) {
            throw JobException.input(e.getMessage());
        } catch (IOException e) {
            throw new JobException(
                    FailureKind.INPUT,
                    "Cannot read model %s: %s".formatted(recipe.model().path(), e.getMessage()),
                    e);
        }
    }

    private TokenizerFiles tokenizerFiles() {
        HadoopCheckpointFiles files = new HadoopCheckpointFiles(recipe.tokenizerPath(), cluster.hadoopConfiguration());
        Map<String, byte[]> contents = new TreeMap<>();
        try {
            for (String name : TokenizerFiles.NAMES) {
                if (files.exists(name)) {
                    contents.put(name, files.read(name));
                }
            }
        } catch (IOException e) {
            throw new JobException(
                    FailureKind.INPUT,
                    "Cannot read tokenizer %s: %s".formatted(recipe.tokenizerPath(), e.getMessage()),
                    e);
        }
        if (contents.isEmpty()) {
            throw JobException.input("Cannot read tokenizer: there is none of %s in %s"
                    .formatted(TokenizerFiles.NAMES, recipe.tokenizerPath()));
        }
        return new TokenizerFiles(contents);
    }

    private void requireSameVocabulary(TransformerConfig config, Tokenizer tokenizer) {
        int model = config.sizes().vocabulary();
        if (tokenizer.vocabularySize() > model) {
            throw JobException.input("Cannot use tokenizer %s with model %s: it has %d tokens, the model knows %d"
                    .formatted(recipe.tokenizerPath(), recipe.model().path(), tokenizer.vocabularySize(), model));
        }
    }

    private int maxLength(TransformerConfig config) {
        int wanted = recipe.model().maxLength();
        int longest = config.sizes().positions();
        if (wanted > longest) {
            throw JobException.config("Invalid model.max-length: %d (the model %s has %d positions)"
                    .formatted(wanted, recipe.model().path(), longest));
        }
        return wanted == 0 ? longest : wanted;
    }

    private RunData prepare(TokenizerFiles files, Objective pretraining, int maxLength) {
        progress.say("preparing data");
        String target = directory.uri(RunDirectory.DATA);
        RunData data = new PrepareData(recipe, cluster.session(), files, target).run(pretraining, maxLength);
        DataReport.sentences(data).forEach(progress::say);
        return data;
    }

    private ModelReference reference(RunData data, String fingerprint) {
        boolean random = recipe.train().mode() == TrainMode.PRETRAIN
                || recipe.model().initialWeights() == ModelRecipe.InitialWeights.RANDOM;
        return new ModelReference(
                recipe.model().path(),
                random,
                recipe.task().type(),
                recipe.task().type().isLanguageModel() ? java.util.List.of() : data.labels(),
                recipe.seed(),
                recipe.model().backend(),
                fingerprint);
    }

    private void sayWhatWasLoaded(PretrainedModel base) {
        progress.say("model %s: %,d weights in %d tensors"
                .formatted(
                        recipe.model().path(),
                        base.parameters().layout().size(),
                        base.parameters().layout().count()));
        if (!base.report().initialised().isEmpty() && recipe.train().mode() != TrainMode.PRETRAIN) {
            progress.say("new, drawn from the seed: "
                    + String.join(", ", base.report().initialised()));
        }
        if (!base.report().ignored().isEmpty()) {
            progress.say("not needed for the task, left out: "
                    + String.join(", ", base.report().ignored()));
        }
    }

    private RunManifest manifest(RunContext run) {
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
                run.tokenizer().fingerprint(),
                digests,
                Versions.all(recipe.model().backend()),
                Versions.settings(cluster.context().getConf()));
    }
}
