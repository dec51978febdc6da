package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.io.SafeFiles;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.shard.ShardManifest;
import io.sparkpeft.datasets.shard.ShardPaths;
import io.sparkpeft.param.Fingerprint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Whether prepared data is there already, and making room for it where it is not. */
final class PreparedCache {
    private static final int NAME_DIGITS = 16;

    private PreparedCache() {}

    /** Changes whenever something changes that decides the shards' contents. */
    static String digest(PrepareSpec spec, List<List<CorpusFile>> files) {
        Fingerprint print = new Fingerprint().add(ShardManifest.SCHEMA_VERSION);
        for (Object part : List.of(
                spec.sources(),
                files,
                spec.tokenizer().fingerprint(),
                spec.objective(),
                spec.maxLength(),
                spec.longText(),
                spec.labelNames(),
                spec.shards(),
                spec.seed(),
                spec.quarantineShare())) {
            byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
            print.add((long) bytes.length).add(bytes);
        }
        return print.hex();
    }

    /** With the directory that the data goes to: of its own, named by the digest, where others lie beside it. */
    static PrepareSpec placed(PrepareSpec spec, String digest) {
        return spec.shared()
                ? spec.withOutput(URI.create(spec.output() + "-" + digest.substring(0, NAME_DIGITS)))
                : spec;
    }

    /** The prepared data with that digest, if it is there and whole. */
    static Optional<PreparedData> find(Configuration configuration, URI directory, String digest) throws IOException {
        Path manifest = ShardPaths.manifest(directory);
        if (!SafeFiles.exists(configuration, manifest)) {
            return Optional.empty();
        }
        try {
            PreparedData data = PreparedData.open(configuration, directory);
            boolean same = data.manifest().digest().equals(digest);
            return same && isWhole(configuration, data) ? Optional.of(data) : Optional.empty();
        } catch (DatasetException e) {
            // A manifest that cannot be read vouches for nothing: the data is prepared anew.
            return Optional.empty();
        }
    }

    /** Removes what an earlier preparation left: the manifest first, so that nobody trusts the rest. */
    static void clear(Configuration configuration, URI directory, List<String> splits) throws IOException {
        Path manifest = ShardPaths.manifest(directory);
        Set<String> stale = new LinkedHashSet<>(splits);
        if (SafeFiles.exists(configuration, manifest)) {
            try {
                stale.addAll(PreparedData.open(configuration, directory)
                        .manifest()
                        .splits()
                        .keySet());
            } catch (DatasetException e) {
                // Which splits an unreadable manifest named cannot be known; those wanted now are cleared.
            }
            SafeFiles.delete(configuration, manifest);
        }
        for (String split : stale) {
            SafeFiles.delete(configuration, ShardPaths.split(directory, split));
        }
        SafeFiles.delete(configuration, ShardPaths.quarantine(directory));
    }

    private static boolean isWhole(Configuration configuration, PreparedData data) throws IOException {
        for (String split : data.manifest().splits().keySet()) {
            for (int shard = 0; shard < data.manifest().shards(); shard++) {
                Path file = ShardPaths.file(data.directory(), split, shard);
                if (!SafeFiles.exists(configuration, file)) {
                    return false;
                }
            }
        }
        return true;
    }
}
