package io.sparkpeft.store;

import java.util.Map;
import java.util.TreeMap;

/**
 * Where a run and every number it made came from.
 *
 * @param name of the run
 * @param configHash of the recipe
 * @param seed that everything drawn comes from
 * @param baseFingerprint of the weights that the run started from
 * @param tokenizerFingerprint of the tokenizer's files
 * @param dataDigests SHA-256 or fingerprint of each input, by what it is used for
 * @param versions of the program and what it runs on: {@link Versions}
 * @param settings of Spark that matter, with secrets hidden
 */
public record RunManifest(
        String name,
        String configHash,
        long seed,
        String baseFingerprint,
        String tokenizerFingerprint,
        Map<String, String> dataDigests,
        Map<String, String> versions,
        Map<String, String> settings) {
    public RunManifest {
        dataDigests = new TreeMap<>(dataDigests);
        versions = new TreeMap<>(versions);
        settings = new TreeMap<>(settings);
    }
}
