package io.sparkpeft.tokenizer;

import io.sparkpeft.model.safetensors.CheckpointFiles;
import io.sparkpeft.param.Fingerprint;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files that define a tokenizer, by name, in memory: what a run records, exports and sends to its executors.
 */
public final class TokenizerFiles implements Serializable {
    private static final long serialVersionUID = 1;

    /** Every file name that a tokenizer is read from; a checkpoint holds some of them. */
    public static final List<String> NAMES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt");

    private final TreeMap<String, byte[]> contents;

    /**
     * @param contents bytes by file name; names that are not in {@link #NAMES} are left out
     */
    public TokenizerFiles(Map<String, byte[]> contents) {
        this.contents = new TreeMap<>(contents);
        this.contents.keySet().retainAll(NAMES);
    }

    /** The tokenizer files of a checkpoint. */
    public static TokenizerFiles read(CheckpointFiles files) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        for (String name : NAMES) {
            if (files.exists(name)) {
                contents.put(name, files.read(name));
            }
        }
        return new TokenizerFiles(contents);
    }

    /** The names of the files, sorted. */
    public Set<String> names() {
        return contents.navigableKeySet();
    }

    public boolean contains(String name) {
        return contents.containsKey(name);
    }

    /** The bytes of a file, not to be changed; empty where there is no such file. */
    public Optional<byte[]> bytes(String name) {
        return Optional.ofNullable(contents.get(name));
    }

    /** Bytes in all files. */
    public long size() {
        return contents.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    /** Hex SHA-256 over names and contents. */
    public String fingerprint() {
        Fingerprint print = new Fingerprint();
        contents.forEach((name, bytes) -> print.add(name.getBytes(StandardCharsets.UTF_8))
                .add((long) bytes.length)
                .add(bytes));
        return print.hex();
    }
}
