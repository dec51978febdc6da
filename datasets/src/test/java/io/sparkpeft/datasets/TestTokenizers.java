package io.sparkpeft.datasets;

import io.sparkpeft.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tokenizers for tests. */
public final class TestTokenizers {
    private TestTokenizers() {}

    /** A BERT tokenizer of the letters a to z, the digits and some punctuation: one token a character. */
    public static TokenizerFiles letters() {
        StringBuilder vocabulary = new StringBuilder("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
        for (String symbol : List.of("", "##")) {
            for (char c = 'a'; c <= 'z'; c++) {
                vocabulary.append(symbol).append(c).append('\n');
            }
            for (char c = '0'; c <= '9'; c++) {
                vocabulary.append(symbol).append(c).append('\n');
            }
        }
        for (char c : ".,!?'\"-:;".toCharArray()) {
            vocabulary.append(c).append('\n');
        }
        return new TokenizerFiles(Map.of("vocab.txt", vocabulary.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The tokenizer in a folder of the shared data; the test is skipped where there is none. */
    public static TokenizerFiles shared(String folder) {
        Path path = SharedData.require(folder);
        Map<String, byte[]> contents = new TreeMap<>();
        try {
            for (String name : TokenizerFiles.NAMES) {
                if (Files.exists(path.resolve(name))) {
                    contents.put(name, Files.readAllBytes(path.resolve(name)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TokenizerFiles(contents);
    }
}
