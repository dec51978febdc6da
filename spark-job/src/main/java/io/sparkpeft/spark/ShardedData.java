package io.sparkpeft.spark;

import io.sparkpeft.datasets.prepare.PreparedData;
import io.sparkpeft.datasets.shard.SplitSummary;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.failure.FailureKind;
import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * One split of prepared data as tasks read it: a shard is read once per executor and kept.
 *
 * @param directory where the shards lie
 * @param digest of what they hold
 * @param split its name
 * @param skip examples of the corpus that are left out at its start
 * @param examples in each shard, before anything is left out
 */
public record ShardedData(String directory, String digest, String split, long skip, List<Integer> examples)
        implements Serializable {
    private static final int LARGEST_CACHE = 256;
    private static final ConcurrentMap<String, TokenShard> CACHE = new ConcurrentHashMap<>();

    public static ShardedData of(PreparedData data, String split, long skip) {
        SplitSummary summary = data.manifest().split(split);
        List<Integer> examples = summary.shards().stream()
                .map(SplitSummary.ShardSummary::examples)
                .toList();
        return new ShardedData(data.directory().toString(), data.manifest().digest(), split, skip, examples);
    }

    public int shards() {
        return examples.size();
    }

    /** The examples of one shard. */
    public TokenShard shard(int index, Configuration configuration) {
        String key = directory + "|" + digest + "|" + split + "|" + skip + "|" + index;
        TokenShard cached = CACHE.get(key);
        if (cached != null) {
            return cached;
        }
        TokenShard read = read(index, configuration);
        if (CACHE.size() >= LARGEST_CACHE) {
            CACHE.clear();
        }
        CACHE.put(key, read);
        return read;
    }

    private TokenShard read(int index, Configuration configuration) {
        TokenShard whole = TokenShard.read(configuration, URI.create(directory), split, index);
        if (whole.examples() != examples.get(index)) {
            throw TaskFailure.sentence(
                    FailureKind.INPUT,
                    "Cannot use shard %d of split '%s' in %s: it holds %d examples, the manifest says %d"
                            .formatted(index, split, directory, whole.examples(), examples.get(index)),
                    null);
        }
        return skip == 0
                ? whole
                : whole.select(IntStream.range(0, whole.examples())
                        .filter(example -> whole.ordinal(example) >= skip)
                        .toArray());
    }
}
