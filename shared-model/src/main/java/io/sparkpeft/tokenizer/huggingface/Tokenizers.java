package io.sparkpeft.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.util.Optional;

/** Makes tokenizers from the files of a checkpoint. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * The tokenizer that the files define: tokenizer.json where there is one, else vocab.txt (BERT's WordPiece), else
     * vocab.json and merges.txt (GPT-2's byte-level BPE).
     *
     * @throws IllegalArgumentException if the files define no tokenizer or are malformed
     */
    public static Tokenizer load(TokenizerFiles files) {
        TokenizerSettings settings = TokenizerSettings.read(files);
        ObjectNode definition = definition(files, settings);
        String source = files.contains("tokenizer.json") ? "tokenizer.json" : "vocabulary";
        HuggingFaceTokenizer tokenizer = NativeTokenizers.create(definition.toString(), source);
        return new FastTokenizer(
                tokenizer,
                SpecialTokens.of(definition, settings),
                Vocabulary.of(definition).size(),
                settings,
                files.fingerprint());
    }

    private static ObjectNode definition(TokenizerFiles files, TokenizerSettings settings) {
        Optional<byte[]> declared = files.bytes("tokenizer.json");
        if (declared.isPresent()) {
            return DeclaredDefinition.compose(Json.object("tokenizer.json", declared.get()), settings);
        }
        Optional<byte[]> words = files.bytes("vocab.txt");
        if (words.isPresent()) {
            return WordPieceDefinition.compose(words.get(), settings);
        }
        Optional<byte[]> tokens = files.bytes("vocab.json");
        Optional<byte[]> merges = files.bytes("merges.txt");
        if (tokens.isPresent() && merges.isPresent()) {
            return ByteLevelDefinition.compose(Json.object("vocab.json", tokens.get()), merges.get(), settings);
        }
        throw new IllegalArgumentException(
                "Cannot read tokenizer: there is neither tokenizer.json nor vocab.txt nor vocab.json with merges.txt among "
                        + files.names());
    }
}
