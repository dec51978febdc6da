package io.sparkpeft.datasets.shard;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What was found in one corpus.
 *
 * @param splits the splits it became
 * @param files in the order of their examples
 * @param records rows, lines, paragraphs or files read, malformed ones included
 * @param tooShort examples left out for having too few tokens
 * @param quarantined malformed records by reason
 */
public record SourceSummary(
        List<String> splits, List<SourceFile> files, long records, long tooShort, Map<String, Long> quarantined)
        implements Serializable {

    /**
     * A file as it was when read.
     *
     * @param path full URI
     * @param length bytes
     * @param modified milliseconds since 1970
     */
    public record SourceFile(String path, long length, long modified) implements Serializable {}

    public long malformed() {
        return quarantined.values().stream().mapToLong(Long::longValue).sum();
    }
}
