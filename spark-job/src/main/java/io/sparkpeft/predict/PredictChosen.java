package io.sparkpeft.predict;

import io.sparkpeft.command.ModelChoice;
import io.sparkpeft.command.PredictRequest;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.corpus.CorpusFiles;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.format.CorpusReader;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.predict.text.ScoreTexts;
import io.sparkpeft.score.ChosenModel;
import io.sparkpeft.score.LoadedModel;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.model.WeightsInUse;
import io.sparkpeft.spark.resource.Computation;
import io.sparkpeft.stage.data.DataSpecs;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Scores a corpus with any model. A first pass counts the records, so that each has its number and an input that is
 * mostly unusable is refused before any work is spent on it; the second one scores them and writes Parquet.
 */
public final class PredictChosen {
    private static final long LEAST_SLICE = 1 << 20;
    private static final long LARGEST_SLICE = 128 << 20;
    private static final int TASKS_PER_CORE = 4;

    private final Recipe recipe;
    private final Cluster cluster;
    private final Consumer<String> say;

    /** @param say is told in sentences what is done and found */
    public PredictChosen(Recipe recipe, Cluster cluster, Consumer<String> say) {
        this.recipe = Computation.settle(recipe, cluster.context().getConf());
        this.cluster = cluster;
        this.say = say;
    }

    /**
     * Writes the predictions.
     *
     * @throws JobException if the model or the input is not there or cannot be used, or the output is there already
     */
    public void run(ModelChoice choice, PredictRequest request) {
        Configuration configuration = cluster.hadoopConfiguration();
        PredictionFiles output = PredictionFiles.at(request.output(), request.overwrite(), configuration);
        ChosenModel chosen = ChosenModel.of(recipe, choice, configuration);
        InputPlan input = input(chosen, request);
        LoadedModel model = load(chosen);
        say.accept("model " + chosen.name());
        InputCensus census = count(input);
        setAside(input, census, output);
        score(chosen, model, input, census, output);
    }

    private LoadedModel load(ChosenModel chosen) {
        List<String> labels = chosen.labels()
                .orElseThrow(() -> JobException.config(
                        "Cannot predict with %s: nothing names its classes; set task.labels".formatted(chosen.name())));
        LoadedModel model = chosen.load(labels, cluster.hadoopConfiguration());
        if (!model.drawn().isEmpty()) {
            throw JobException.input(
                    "Cannot predict with %s: it was not tuned for the task (%s missing); name an adapter"
                            .formatted(chosen.name(), String.join(", ", model.drawn())));
        }
        return model;
    }

    private InputPlan input(ChosenModel chosen, PredictRequest request) {
        Configuration configuration = cluster.hadoopConfiguration();
        CorpusSpec corpus = DataSpecs.texts(recipe, request.input());
        List<CorpusFile> files = CorpusFiles.list(corpus, configuration);
        CorpusReader.requireColumns(files, corpus, configuration);
        long bytes = files.stream().mapToLong(CorpusFile::length).sum();
        long share = bytes / Math.max(1, 2L * cluster.context().defaultParallelism());
        List<FileSlice> slices =
                FileSlice.cut(files, corpus, Math.min(LARGEST_SLICE, Math.max(LEAST_SLICE, share)), configuration);
        return new InputPlan(
                corpus,
                slices,
                chosen.inputs().tokenizer(),
                chosen.inputs().maxLength(),
                LongText.valueOf(recipe.data().longText().name()),
                new SerializableConfiguration(configuration));
    }

    private JavaRDD<Integer> slices(InputPlan input) {
        int slices = input.slices().size();
        long bytes = input.slices().stream()
                .mapToLong(slice -> Math.min(slice.end(), slice.file().length()) - slice.start())
                .sum();
        long wanted = Math.max((long) TASKS_PER_CORE * cluster.context().defaultParallelism(), bytes / LARGEST_SLICE);
        return cluster.context()
                .parallelize(IntStream.range(0, slices).boxed().toList(), (int) Math.min(slices, wanted));
    }

    private InputCensus count(InputPlan input) {
        List<InputTally> tallies = cluster.collect(
                "count records",
                slices(input).mapPartitions(slices -> InputTally.of(InputRecords.inTask(input, slices))));
        return InputCensus.of(input, tallies);
    }

    /** Writes what cannot be used to the quarantine, and refuses the input where it is too much. */
    private void setAside(InputPlan input, InputCensus census, PredictionFiles output) {
        output.clearQuarantine();
        if (census.unusable() > 0) {
            JavaRDD<Row> rows = slices(input).mapPartitions(slices -> QuarantineColumns.rows(input, census, slices));
            cluster.describe("write quarantine", () -> {
                cluster.session()
                        .createDataFrame(rows, QuarantineColumns.SCHEMA)
                        .write()
                        .mode(SaveMode.Overwrite)
                        .json(output.quarantine());
                return census;
            });
        }
        census.require(input, recipe.data().quarantineShare(), output.quarantine());
        if (census.unusable() > 0) {
            say.accept("%,d of %,d records cannot be used (%s); they are in %s"
                    .formatted(census.unusable(), census.records(), census.counts(), output.quarantine()));
        }
        if (census.truncated() > 0) {
            say.accept("%,d texts are cut to the model's length".formatted(census.truncated()));
        }
    }

    private void score(
            ChosenModel chosen, LoadedModel model, InputPlan input, InputCensus census, PredictionFiles output) {
        BatchPlan batches = BatchPlan.evaluation(
                recipe.task().type(),
                recipe.train().microBatchTokens(),
                recipe.seed(),
                chosen.inputs().masking());
        WeightsInUse weights = WeightsInUse.of(model.state());
        ScoreTexts scorer = new ScoreTexts(weights, batches);
        PredictionColumns columns =
                new PredictionColumns(model.labels(), input.corpus().isPaired());
        JavaRDD<Row> rows = cluster.computing(
                weights.backend(), slices(input).mapPartitions(new ScoreInput(input, census, scorer, columns)));
        output.write(directory -> cluster.describe("predict", () -> {
            cluster.session()
                    .createDataFrame(rows, columns.schema())
                    .write()
                    .mode(SaveMode.Overwrite)
                    .parquet(directory);
            return directory;
        }));
        say.accept("%,d predictions are in %s".formatted(census.records() - census.unusable(), output.uri()));
    }
}
