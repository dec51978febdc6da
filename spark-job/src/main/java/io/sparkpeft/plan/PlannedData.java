package io.sparkpeft.plan;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.console.Lines;
import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.corpus.CorpusFiles;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.format.CorpusReader;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.prepare.plan.SplitSource;
import io.sparkpeft.datasets.shard.SplitSummary;
import io.sparkpeft.stage.data.DataSpecs;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The data of a run: that all of it is there and has its columns, and what it holds where it is prepared already.
 *
 * @param corpora in words
 * @param prepared what an earlier run, or {@code prepare}, left
 */
record PlannedData(List<Corpus> corpora, Optional<RunData> prepared) {

    /**
     * @param name what it is used for
     * @param text its files in words
     */
    record Corpus(String name, String text) {}

    /** @throws io.sparkpeft.datasets.DatasetException if files are missing or lack columns */
    static PlannedData read(Recipe recipe, ModelInputs inputs, Configuration configuration) {
        Storage run = Storage.at(recipe.outputDirectory(), configuration);
        DataSpecs specs = DataSpecs.in(run.uri(RunDirectory.DATA), recipe, inputs.tokenizer());
        List<Corpus> corpora = new ArrayList<>();
        for (PrepareSpec spec : specs.all(inputs.pretraining(), inputs.maxLength())) {
            String path = spec.output().toString();
            String use = path.substring(path.lastIndexOf('/') + 1);
            for (SplitSource source : spec.sources()) {
                String splits = String.join(", ", source.rule().splits());
                corpora.add(corpus(use.equals(DataSpecs.TASK) ? splits : use, source.corpus(), configuration));
            }
        }
        return new PlannedData(
                List.copyOf(corpora), specs.find(inputs.pretraining(), inputs.maxLength(), configuration));
    }

    private static Corpus corpus(String name, CorpusSpec spec, Configuration configuration) {
        List<CorpusFile> files = CorpusFiles.list(spec, configuration);
        CorpusReader.requireColumns(files, spec, configuration);
        String format = files.get(0).format().word();
        String bytes =
                Amounts.bytes(files.stream().mapToLong(CorpusFile::length).sum());
        String what = files.size() == 1 ? files.get(0).path() : files.size() + " files";
        String limit = spec.limit() == 0 ? "" : ", at most %,d examples".formatted(spec.limit());
        return new Corpus(name, "%s (%s, %s%s)".formatted(what, format, bytes, limit));
    }

    /** Class names, where the data is prepared. */
    Optional<List<String>> labels() {
        return prepared.map(RunData::labels);
    }

    Optional<SplitSummary> train() {
        return prepared.map(data -> data.task().manifest().split(RunData.TRAIN));
    }

    void describe(Lines lines) {
        corpora.forEach(corpus -> lines.add(corpus.name(), corpus.text()));
        lines.add(
                "prepared",
                train().map(train -> "%,d training examples, %,d tokens in %d shards"
                                .formatted(
                                        train.examples(),
                                        train.tokens(),
                                        train.shards().size()))
                        .orElse("not yet: how many examples there are is found when the run starts"));
    }
}
