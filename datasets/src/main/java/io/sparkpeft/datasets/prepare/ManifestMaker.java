package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.prepare.WriteShards.Written;
import io.sparkpeft.datasets.prepare.plan.PreparePlan;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.row.LabelIndex;
import io.sparkpeft.datasets.shard.ShardManifest;
import io.sparkpeft.datasets.shard.SourceSummary;
import io.sparkpeft.datasets.shard.SourceSummary.SourceFile;
import io.sparkpeft.datasets.shard.SplitSummary;
import io.sparkpeft.datasets.shard.SplitSummary.ShardSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Puts together what is known of prepared data. */
final class ManifestMaker {
    private final PrepareSpec spec;
    private final PreparePlan plan;
    private final List<List<CorpusFile>> files;
    private final Census census;
    private final LabelIndex labels;

    ManifestMaker(PrepareSpec spec, PreparePlan plan, List<List<CorpusFile>> files, Census census, LabelIndex labels) {
        this.spec = spec;
        this.plan = plan;
        this.files = files;
        this.census = census;
        this.labels = labels;
    }

    /** Refuses a split without examples. */
    void requireExamples() {
        for (int source = 0; source < plan.sources().size(); source++) {
            List<String> splits = plan.sources().get(source).rule().splits();
            for (int s = 0; s < splits.size(); s++) {
                Map<String, Long> counts = census.labels(plan.firstSplit(source) + s);
                if (counts.keySet().stream().noneMatch(labels::knows)) {
                    throw DatasetException.input(
                            "Cannot use split '%s' of %s: it has no examples (%d records read, %d malformed, %d shorter"
                                    + " than %d tokens)",
                            splits.get(s),
                            plan.sources().get(source).corpus().paths(),
                            census.records(source),
                            sum(census.reasons(source)),
                            census.tooShort(source),
                            plan.sources().get(source).corpus().minTokens());
                }
            }
        }
    }

    ShardManifest make(String digest, List<Written> written) {
        List<Written> inOrder = written.stream()
                .sorted(Comparator.comparingInt(Written::bucket))
                .toList();
        List<String> names = plan.splits();
        Map<String, SplitSummary> splits = new LinkedHashMap<>();
        for (int s = 0; s < names.size(); s++) {
            splits.put(names.get(s), split(inOrder.subList(s * plan.shards(), (s + 1) * plan.shards())));
        }
        return new ShardManifest(
                ShardManifest.SCHEMA_VERSION,
                digest,
                spec.tokenizer().fingerprint(),
                spec.objective(),
                spec.maxLength(),
                spec.seed(),
                spec.shards(),
                labels.names(),
                sources(),
                splits);
    }

    private List<SourceSummary> sources() {
        List<SourceSummary> sources = new ArrayList<>();
        for (int s = 0; s < plan.sources().size(); s++) {
            sources.add(new SourceSummary(
                    plan.sources().get(s).rule().splits(),
                    files.get(s).stream()
                            .map(file -> new SourceFile(file.path(), file.length(), file.modified()))
                            .toList(),
                    census.records(s),
                    census.tooShort(s),
                    census.reasons(s)));
        }
        return sources;
    }

    private SplitSummary split(List<Written> shards) {
        List<ShardSummary> summaries = shards.stream().map(Written::summary).toList();
        long[] counts = new long[labels.names().size()];
        for (Written shard : shards) {
            for (int label = 0; label < counts.length; label++) {
                counts[label] += shard.labelCounts()[label];
            }
        }
        return new SplitSummary(
                summaries.stream().mapToLong(ShardSummary::examples).sum(),
                summaries.stream().mapToLong(ShardSummary::tokens).sum(),
                shards.stream().mapToLong(Written::truncated).sum(),
                LongStream.of(counts).boxed().toList(),
                summaries);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
