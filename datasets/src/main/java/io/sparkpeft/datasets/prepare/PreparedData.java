package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.io.Patience;
import io.sparkpeft.datasets.shard.ShardManifest;
import io.sparkpeft.datasets.shard.ShardPaths;
import io.sparkpeft.datasets.shard.TokenShard;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Token shards on a Hadoop file system.
 *
 * @param directory where they lie
 * @param manifest what they hold
 * @param reused whether they were there already and nothing had changed
 */
public record PreparedData(URI directory, ShardManifest manifest, boolean reused) implements Serializable {

    /**
     * Opens what an earlier preparation wrote.
     *
     * @throws DatasetException if there is no manifest
     */
    public static PreparedData open(Configuration configuration, URI directory) {
        Path file = ShardPaths.manifest(directory);
        try {
            byte[] json = Patience.with(() -> {
                try (InputStream in = file.getFileSystem(configuration).open(file)) {
                    return in.readAllBytes();
                }
            });
            return new PreparedData(directory, ShardManifest.fromJson(json, file.toString()), true);
        } catch (FileNotFoundException e) {
            throw DatasetException.input("Cannot open prepared data: %s does not exist", file);
        } catch (IOException e) {
            throw DatasetException.unreadable(file.toString(), e);
        }
    }

    /**
     * Reads one shard, on a driver or an executor.
     *
     * @throws DatasetException if it is missing, damaged or not the one of the manifest
     */
    public TokenShard read(Configuration configuration, String split, int shard) {
        var expected = manifest.split(split).shards().get(shard);
        TokenShard read = TokenShard.read(configuration, directory, split, shard);
        if (read.examples() != expected.examples() || read.tokens() != expected.tokens()) {
            throw DatasetException.input(
                    "Cannot use shard %d of split '%s' in %s: it holds %d examples of %d tokens, the manifest says %d of"
                            + " %d; prepare the data again",
                    shard, split, directory, read.examples(), read.tokens(), expected.examples(), expected.tokens());
        }
        return read;
    }
}
