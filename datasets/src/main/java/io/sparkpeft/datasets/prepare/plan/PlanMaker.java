package io.sparkpeft.datasets.prepare.plan;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.model.Objective;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Decides what is read and by how many tasks. None of it changes what the shards hold. */
public final class PlanMaker {
    private static final String MAX_BYTES = "spark.sql.files.maxPartitionBytes";
    private static final long MIN_BYTES = 1 << 20;
    private static final int TASKS_PER_CORE = 4;

    private PlanMaker() {}

    public static PreparePlan plan(SparkSession spark, PrepareSpec spec, List<List<CorpusFile>> files) {
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        List<SplitSource> sources = spec.sources().stream()
                .map(source -> new SplitSource(corpus(spec, source), source.rule()))
                .toList();
        List<FileSlice> slices = new ArrayList<>();
        List<Integer> sourceOf = new ArrayList<>();
        long bytes = sliceBytes(spark, files);
        for (int s = 0; s < files.size(); s++) {
            for (FileSlice slice : FileSlice.cut(files.get(s), sources.get(s).corpus(), bytes, configuration)) {
                slices.add(slice);
                sourceOf.add(s);
            }
        }
        return new PreparePlan(
                sources,
                List.copyOf(slices),
                sourceOf.stream().mapToInt(Integer::intValue).toArray(),
                spec.tokenizer(),
                spec.objective(),
                spec.maxLength(),
                spec.longText(),
                spec.shards(),
                spec.seed(),
                spec.output(),
                new SerializableConfiguration(configuration));
    }

    /** Few enough not to waste time on small files, enough to repeat little after a failure. */
    public static int tasks(SparkSession spark, PreparePlan plan) {
        int slices = plan.slices().size();
        long bytes = plan.slices().stream()
                .mapToLong(slice -> Math.min(slice.end(), slice.file().length()) - slice.start())
                .sum();
        long wanted = Math.max(
                (long) TASKS_PER_CORE * spark.sparkContext().defaultParallelism(), bytes / maxBytes(spark) + 1);
        return (int) Math.max(1, Math.min(slices, wanted));
    }

    private static CorpusSpec corpus(PrepareSpec spec, SplitSource source) {
        CorpusSpec corpus = source.corpus();
        if (corpus.minTokens() > spec.maxLength()) {
            throw DatasetException.config(
                    "Cannot use %s: its texts need %d tokens at least and the model reads %d at most",
                    corpus.paths(), corpus.minTokens(), spec.maxLength());
        }
        if (spec.objective() != Objective.SEQUENCE_CLASSIFICATION) {
            return corpus.withColumns(corpus.textColumn(), corpus.pairColumn(), "");
        }
        if (!corpus.isLabelled() && source.rule().splits().contains(PrepareSpec.TRAIN)) {
            throw DatasetException.config(
                    "Cannot train a classifier on %s: no column is named for the label", corpus.paths());
        }
        return corpus;
    }

    private static long sliceBytes(SparkSession spark, List<List<CorpusFile>> files) {
        long total = files.stream()
                .flatMap(List::stream)
                .mapToLong(CorpusFile::length)
                .sum();
        long share = total / Math.max(1, 2L * spark.sparkContext().defaultParallelism());
        return Math.max(1, Math.min(maxBytes(spark), Math.max(MIN_BYTES, share)));
    }

    private static long maxBytes(SparkSession spark) {
        return Math.max(1, JavaUtils.byteStringAsBytes(spark.conf().get(MAX_BYTES)));
    }
}
