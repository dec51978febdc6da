package io.sparkpeft.datasets.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.model.Objective;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a directory of shards holds and what it was made from. It is written last: shards without it are not there.
 *
 * @param schemaVersion of this file and of the shards
 * @param digest over everything that decides the contents: files, specification, tokenizer
 * @param tokenizerFingerprint of the tokenizer's files
 * @param maxLength most tokens of an example
 * @param seed of hash splits
 * @param shards number of logical shards of every split
 * @param labelNames the classes in order; empty without labels
 * @param sources one entry per corpus
 * @param splits by name
 */
public record ShardManifest(
        int schemaVersion,
        String digest,
        String tokenizerFingerprint,
        Objective objective,
        int maxLength,
        long seed,
        int shards,
        List<String> labelNames,
        List<SourceSummary> sources,
        Map<String, SplitSummary> splits)
        implements Serializable {

    public static final int SCHEMA_VERSION = 1;
    public static final String FILE_NAME = "manifest.json";

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** @throws DatasetException naming the splits there are, if there is none of that name */
    public SplitSummary split(String name) {
        SplitSummary split = splits.get(name);
        if (split == null) {
            throw DatasetException.config("Cannot find split '%s': the prepared data has %s", name, splits.keySet());
        }
        return split;
    }

    public boolean hasSplit(String name) {
        return splits.containsKey(name);
    }

    /** The manifest as indented JSON. */
    public byte[] toJson() {
        try {
            return MAPPER.writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the manifest: " + e.getOriginalMessage(), e);
        }
    }

    /** @param where names the file in the error */
    public static ShardManifest fromJson(byte[] json, String where) {
        try {
            return MAPPER.readValue(json, ShardManifest.class);
        } catch (IOException e) {
            throw DatasetException.unreadable(where, e);
        }
    }
}
