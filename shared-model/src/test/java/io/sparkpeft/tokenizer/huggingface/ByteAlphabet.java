package io.sparkpeft.tokenizer.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A byte-level vocabulary of the 256 bytes, the results of a few merges, and the end-of-text token. */
final class ByteAlphabet {
    private ByteAlphabet() {}

    static TokenizerFiles files(String merges) {
        ObjectNode vocabulary = Json.object();
        int unprintable = 0;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
            vocabulary.put(Character.toString(printable ? b : 256 + unprintable++), vocabulary.size());
        }
        for (String merge : merges.split("\n")) {
            vocabulary.put(merge.replace(" ", ""), vocabulary.size());
        }
        vocabulary.put("<|endoftext|>", vocabulary.size());
        return new TokenizerFiles(Map.of(
                "vocab.json", vocabulary.toString().getBytes(StandardCharsets.UTF_8),
                "merges.txt", ("#version: 0.2\n" + merges).getBytes(StandardCharsets.UTF_8)));
    }
}
