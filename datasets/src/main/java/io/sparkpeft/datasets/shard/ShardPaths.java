package io.sparkpeft.datasets.shard;

import java.net.URI;
import java.util.Locale;
import org.apache.hadoop.fs.Path;

/** Where everything lies in a directory of prepared data. */
public final class ShardPaths {
    private ShardPaths() {}

    public static Path manifest(URI directory) {
        return new Path(new Path(directory), ShardManifest.FILE_NAME);
    }

    public static Path split(URI directory, String split) {
        return new Path(new Path(directory), split);
    }

    /** {@code <split>/shard=00003/part.parquet}. */
    public static Path file(URI directory, String split, int shard) {
        return new Path(split(directory, split), String.format(Locale.ROOT, "shard=%05d/part.parquet", shard));
    }

    /** The folder of malformed records. */
    public static Path quarantine(URI directory) {
        return new Path(new Path(directory), "quarantine");
    }

    /** The malformed records of one corpus, as JSON Lines. */
    public static Path quarantine(URI directory, int source) {
        return new Path(quarantine(directory), String.format(Locale.ROOT, "source-%d.jsonl", source));
    }
}
