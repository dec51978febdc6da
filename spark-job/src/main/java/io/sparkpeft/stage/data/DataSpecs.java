package io.sparkpeft.stage.data;

import io.sparkpeft.config.DataRecipe;
import io.sparkpeft.config.GenericSample;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.corpus.CorpusFormat;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.TextUnit;
import io.sparkpeft.datasets.prepare.PrepareShards;
import io.sparkpeft.datasets.prepare.PreparedData;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.prepare.plan.SplitRule;
import io.sparkpeft.datasets.prepare.plan.SplitSource;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * What preparing a recipe's data means: which corpora, read how, become which splits.
 *
 * @param recipe that names the corpora
 * @param tokenizer of the model
 * @param directory where the shards are or go
 * @param shared whether the directory is a cache, in which preparations of several runs lie side by side
 */
public record DataSpecs(Recipe recipe, TokenizerFiles tokenizer, String directory, boolean shared) {

    /** Name of the task's own data. */
    public static final String TASK = "task";

    /** In the directory given, unless the recipe names a cache. */
    public static DataSpecs in(String directory, Recipe recipe, TokenizerFiles tokenizer) {
        String cache = recipe.data().cache();
        return new DataSpecs(recipe, tokenizer, cache.isEmpty() ? directory : cache, !cache.isEmpty());
    }

    /**
     * All of them: the task, the generic sample and the retention sample where there are such.
     *
     * @param pretraining the objective that the model was pre-trained for, on which retention is measured
     * @param maxLength most tokens of an example
     */
    public List<PrepareSpec> all(Objective pretraining, int maxLength) {
        List<PrepareSpec> all = new ArrayList<>(List.of(task(maxLength, true)));
        generic(pretraining, maxLength).ifPresent(all::add);
        retention(pretraining, maxLength).ifPresent(all::add);
        return all;
    }

    /** What a model is measured on, where all of it is prepared already; nothing is written. */
    public Optional<RunData> find(Objective pretraining, int maxLength, Configuration configuration) {
        Optional<PreparedData> task = PrepareShards.find(configuration, task(maxLength, true));
        Optional<PrepareSpec> wanted = retention(pretraining, maxLength);
        Optional<PreparedData> retention = wanted.flatMap(spec -> PrepareShards.find(configuration, spec));
        return task.isPresent() && retention.isPresent() == wanted.isPresent()
                ? Optional.of(new RunData(task.get(), Optional.empty(), retention))
                : Optional.empty();
    }

    /** @param training whether the training examples are wanted, where they have files of their own */
    public PrepareSpec task(int maxLength, boolean training) {
        DataRecipe data = recipe.data();
        List<SplitSource> sources = new ArrayList<>();
        if (data.split().by() == DataRecipe.SplitRule.FILES) {
            if (training) {
                sources.add(SplitSource.of(RunData.TRAIN, corpus(data.train(), data.limit())));
            }
            sources.add(SplitSource.of(RunData.DEV, corpus(data.dev(), 0)));
            if (!data.test().isEmpty()) {
                sources.add(SplitSource.of(RunData.TEST, corpus(data.test(), 0)));
            }
        } else {
            sources.add(new SplitSource(corpus(data.train(), data.limit()), rule(data.split())));
        }
        return spec(TASK, sources, recipe.task().type(), maxLength, data);
    }

    private static SplitRule rule(DataRecipe.Split split) {
        Map<String, Double> shares = new LinkedHashMap<>();
        shares.put(RunData.TRAIN, 1 - split.dev() - split.test());
        if (split.dev() > 0) {
            shares.put(RunData.DEV, split.dev());
        }
        if (split.test() > 0) {
            shares.put(RunData.TEST, split.test());
        }
        SplitRule hash = SplitRule.hash(shares);
        return split.by() == DataRecipe.SplitRule.HASH ? hash : new SplitRule(SplitRule.Kind.ORDER, hash.shares());
    }

    public Optional<PrepareSpec> generic(Objective pretraining, int maxLength) {
        return sample("generic", recipe.importance().generic(), pretraining, maxLength);
    }

    public Optional<PrepareSpec> retention(Objective pretraining, int maxLength) {
        return sample("retention", recipe.evaluate().retention(), pretraining, maxLength);
    }

    private Optional<PrepareSpec> sample(String name, GenericSample sample, Objective objective, int maxLength) {
        if (sample.isEmpty()) {
            return Optional.empty();
        }
        CorpusSpec corpus = CorpusSpec.of(sample.paths().toArray(String[]::new))
                .withFormat(CorpusFormat.valueOf(sample.format().name()))
                .withUnit(TextUnit.valueOf(sample.textUnit().name()))
                .withColumns(sample.textColumn(), "", "")
                .withLimit((long) sample.skip() + sample.examples());
        List<SplitSource> sources = List.of(SplitSource.of(RunData.SAMPLE, corpus));
        return Optional.of(spec(name, sources, objective, maxLength, recipe.data()));
    }

    private PrepareSpec spec(
            String name, List<SplitSource> sources, Objective objective, int maxLength, DataRecipe data) {
        return new PrepareSpec(
                sources,
                URI.create(directory + "/" + name),
                shared,
                tokenizer,
                objective,
                maxLength,
                LongText.valueOf(data.longText().name()),
                objective.isLanguageModel() ? List.of() : recipe.task().labels(),
                data.shards(),
                recipe.seed(),
                data.quarantineShare());
    }

    private CorpusSpec corpus(DataRecipe.Source source, long limit) {
        DataRecipe data = recipe.data();
        boolean labelled = !recipe.task().type().isLanguageModel();
        CorpusSpec texts = texts(recipe, source);
        return texts.withColumns(
                        texts.textColumn(), texts.pairColumn(), labelled ? column(data, data.labelColumn()) : "")
                .withMinTokens(data.minTokens())
                .withLimit(limit);
    }

    /** The texts of a corpus, and their pairs where the recipe has pairs, read as the recipe's data is. */
    public static CorpusSpec texts(Recipe recipe, DataRecipe.Source source) {
        DataRecipe data = recipe.data();
        boolean paired = !recipe.task().type().isLanguageModel();
        return CorpusSpec.of(source.paths().toArray(String[]::new))
                .withFormat(CorpusFormat.valueOf(source.format().name()))
                .withUnit(TextUnit.valueOf(data.textUnit().name()))
                .withHeader(data.header())
                .withColumns(column(data, data.textColumn()), paired ? column(data, data.pairColumn()) : "", "");
    }

    /** What a column is called in the files: its number where they do not name their columns. */
    private static String column(DataRecipe data, String name) {
        List<String> names = data.columns();
        if (name.isEmpty() || names.isEmpty()) {
            return name;
        }
        if (!names.contains(name)) {
            throw JobException.config("Cannot find column %s: data.columns names %s".formatted(name, names));
        }
        return Integer.toString(names.indexOf(name));
    }
}
