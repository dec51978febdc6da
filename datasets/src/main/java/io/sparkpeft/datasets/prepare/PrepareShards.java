package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.corpus.CorpusFiles;
import io.sparkpeft.datasets.corpus.format.CorpusReader;
import io.sparkpeft.datasets.io.JavaBytes;
import io.sparkpeft.datasets.io.Patience;
import io.sparkpeft.datasets.io.SafeFiles;
import io.sparkpeft.datasets.prepare.plan.PlanMaker;
import io.sparkpeft.datasets.prepare.plan.PreparePlan;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.row.LabelIndex;
import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.datasets.shard.ShardManifest;
import io.sparkpeft.datasets.shard.ShardPaths;
import io.sparkpeft.datasets.spark.JobDescription;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Reads corpora, tokenises them once and writes token shards. What the shards hold depends on files and specification
 * only: not on executors, cores, retries or how Spark slices the files. The manifest is written last; where one with
 * the same digest exists, its shards are used again.
 */
public final class PrepareShards {
    private PrepareShards() {}

    /**
     * Prepares the data, or finds it prepared.
     *
     * @throws DatasetException if corpora are missing, unreadable or malformed beyond the share allowed, a column is
     *     missing, or a split is left without examples
     */
    public static PreparedData run(SparkSession spark, PrepareSpec spec) {
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        List<List<CorpusFile>> files = listFiles(spec, configuration);
        String digest = PreparedCache.digest(spec, files);
        PrepareSpec placed = PreparedCache.placed(spec, digest);
        try {
            Optional<PreparedData> found = PreparedCache.find(configuration, placed.output(), digest);
            return found.isPresent() ? found.get() : write(spark, placed, files, digest);
        } catch (IOException e) {
            throw DatasetException.unreadable(placed.output().toString(), e);
        }
    }

    private static PreparedData write(SparkSession spark, PrepareSpec spec, List<List<CorpusFile>> files, String digest)
            throws IOException {
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        for (int s = 0; s < files.size(); s++) {
            CorpusReader.requireColumns(files.get(s), spec.sources().get(s).corpus(), configuration);
        }
        PreparePlan plan = PlanMaker.plan(spark, spec, files);
        if (!spec.shared()) {
            // What is shared has a place of its own, where nobody else writes anything but the same.
            PreparedCache.clear(configuration, spec.output(), plan.splits());
        }
        ShardManifest manifest = JobDescription.within(
                spark.sparkContext(),
                "prepare " + new Path(spec.output()).getName(),
                () -> prepare(spark, spec, plan, files, digest));
        SafeFiles.write(configuration, ShardPaths.manifest(spec.output()), manifest.toJson());
        return new PreparedData(spec.output(), manifest, false);
    }

    /**
     * The data where it is prepared already and nothing has changed since; nothing is written.
     *
     * @throws DatasetException if corpora are missing
     */
    public static Optional<PreparedData> find(Configuration configuration, PrepareSpec spec) {
        String digest = PreparedCache.digest(spec, listFiles(spec, configuration));
        URI output = PreparedCache.placed(spec, digest).output();
        try {
            return PreparedCache.find(configuration, output, digest);
        } catch (IOException e) {
            throw DatasetException.unreadable(output.toString(), e);
        }
    }

    private static List<List<CorpusFile>> listFiles(PrepareSpec spec, Configuration configuration) {
        return spec.sources().stream()
                .map(source -> CorpusFiles.list(source.corpus(), configuration))
                .toList();
    }

    private static ShardManifest prepare(
            SparkSession spark, PrepareSpec spec, PreparePlan plan, List<List<CorpusFile>> files, String digest) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<byte[]> shared = context.broadcast(JavaBytes.of(plan));
        List<Integer> slices = IntStream.range(0, plan.slices().size()).boxed().toList();
        JavaRDD<byte[]> rows = context.parallelize(slices, PlanMaker.tasks(spark, plan))
                .mapPartitions(new TokenizeSlices(shared))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Placement placement = new Placement(plan.withoutTokenizer(), tally(rows));
            Census census = census(rows, placement);
            LabelIndex labels = labels(spec, plan, census);
            setAside(spec, rows, placement, census, labels);
            ManifestMaker manifest = new ManifestMaker(spec, plan, files, census, labels);
            manifest.requireExamples();
            return manifest.make(
                    digest,
                    JobDescription.within(
                            rows.context(),
                            "write %d shards".formatted(plan.shards()),
                            () -> WriteShards.run(rows, placement, labels)));
        } catch (Exception e) {
            // Spark throws checked exceptions undeclared.
            throw explain(e, spec.output());
        } finally {
            rows.unpersist(false);
            shared.destroy();
        }
    }

    /** {slice, places, texts kept} of every slice that has records. */
    private static List<long[]> tally(JavaRDD<byte[]> rows) {
        return JobDescription.within(rows.context(), "tokenise", () -> rows.mapPartitions(PrepareShards::tally)
                .collect());
    }

    private static Iterator<long[]> tally(Iterator<byte[]> rows) {
        List<long[]> tallies = new ArrayList<>();
        while (rows.hasNext()) {
            TokenRow row = TokenRow.fromBytes(rows.next());
            if (tallies.isEmpty() || tallies.get(tallies.size() - 1)[0] != row.slice()) {
                tallies.add(new long[] {row.slice(), 0, 0});
            }
            long[] last = tallies.get(tallies.size() - 1);
            last[1] += row.slots();
            last[2] += row.content() instanceof TokenRow.Kept ? 1 : 0;
        }
        return tallies.iterator();
    }

    private static Census census(JavaRDD<byte[]> rows, Placement placement) {
        PreparePlan plan = placement.plan();
        Census sum = new Census(plan.sources().size(), plan.splits().size());
        JobDescription.within(rows.context(), "count examples and labels", () -> rows.mapPartitions(
                                partition -> List.of(JavaBytes.of(Census.of(placement, partition)))
                                        .iterator())
                        .collect())
                .forEach(bytes -> sum.add(JavaBytes.read(bytes, Census.class)));
        return sum;
    }

    private static LabelIndex labels(PrepareSpec spec, PreparePlan plan, Census census) {
        boolean labelled = plan.sources().stream().anyMatch(s -> s.corpus().isLabelled());
        if (!spec.labelNames().isEmpty() || !labelled) {
            return new LabelIndex(spec.labelNames());
        }
        int train = plan.splits().indexOf(PrepareSpec.TRAIN);
        if (train < 0) {
            throw DatasetException.config(
                    "Cannot name the labels: there are no label names and no split '%s' to take them from",
                    PrepareSpec.TRAIN);
        }
        return LabelIndex.sorted(census.labels(train).keySet());
    }

    private static void setAside(
            PrepareSpec spec, JavaRDD<byte[]> rows, Placement placement, Census census, LabelIndex labels) {
        PreparePlan plan = placement.plan();
        boolean any = false;
        for (int source = 0; source < plan.sources().size(); source++) {
            Map<String, Long> reasons = census.reasons(source);
            int firstSplit = plan.firstSplit(source);
            for (int s = 0; s < plan.sources().get(source).rule().splits().size(); s++) {
                census.labels(firstSplit + s).forEach((label, count) -> {
                    if (!labels.knows(label)) {
                        reasons.merge(Quarantine.UNSEEN_LABEL, count, Long::sum);
                    }
                });
            }
            any |= !reasons.isEmpty();
        }
        if (!any) {
            return;
        }
        Map<Integer, String> first = JobDescription.within(
                rows.context(), "set records aside", () -> Quarantine.write(rows, placement, labels));
        first.forEach((source, line) -> Quarantine.requireShare(
                spec.quarantineShare(), placement, source, census.records(source), census.reasons(source), line));
    }

    /** What a task said was wrong, out of Spark's exception about it. */
    private static RuntimeException explain(Exception failure, URI output) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DatasetException known) {
                return known;
            }
            if (Patience.mayPass(cause)) {
                return DatasetException.unwritable(output.toString(), cause);
            }
        }
        return new IllegalStateException("Cannot prepare " + output, failure);
    }
}
