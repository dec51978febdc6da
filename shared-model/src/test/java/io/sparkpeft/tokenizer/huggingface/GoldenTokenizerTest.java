package io.sparkpeft.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.SharedData;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.tokenizer.TokenizedText;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Ids of real vocabularies, as their makers give them. */
class GoldenTokenizerTest {
    @Test
    void gpt2VocabularyGivesTheUpstreamIds() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(files("tokenizers/gpt2"))) {
            int strings = requireGolden("gpt2_ids", tokenizer::encodePlain);
            assertThat(strings).isEqualTo(44);
            assertThat(tokenizer.vocabularySize()).isEqualTo(50257);
            assertThat(tokenizer.endTokenId()).hasValue(50256);
            assertThat(tokenizer.maskTokenId()).isEmpty();
            assertThat(tokenizer.encode("Hello world", 10).ids()).containsExactly(15496, 995);
            assertThat(tokenizer.encodePlain("<|endoftext|>")).containsExactly(50256);
        }
    }

    @Test
    void gpt2DecodesWhatItEncodes() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(files("tokenizers/gpt2"))) {
            for (JsonNode row : golden()) {
                String text = row.get("text").textValue();
                assertThat(tokenizer.decode(tokenizer.encodePlain(text))).isEqualTo(text);
            }
        }
    }

    @Test
    void bertVocabularyGivesTheUpstreamIds() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(files("tokenizers/bert-base-uncased"))) {
            int strings = requireGolden("bert_base_uncased_ids_no_special", tokenizer::encodePlain);
            assertThat(strings).isEqualTo(44);
            assertThat(tokenizer.vocabularySize()).isEqualTo(30522);
            assertThat(tokenizer.maskTokenId()).hasValue(103);
            assertThat(tokenizer.padTokenId()).hasValue(0);
            assertThat(tokenizer.unknownTokenId()).hasValue(100);
            assertThat(tokenizer.beginTokenId()).hasValue(101);
            assertThat(tokenizer.endTokenId()).hasValue(102);
            assertThat(tokenizer.encode("", 8).ids()).containsExactly(101, 102);
            TokenizedText pair = tokenizer.encode("Hello", "world world", 16);
            assertThat(pair.ids()).containsExactly(101, 7592, 102, 2088, 2088, 102);
            assertThat(pair.typeIds()).containsExactly(0, 0, 0, 1, 1, 1);
        }
    }

    @Test
    void tinyBertReadsItsSentence() throws IOException {
        JsonNode golden = new ObjectMapper().readTree(SharedData.bytes("models/tinybert-random/golden_outputs.json"));
        try (Tokenizer tokenizer = Tokenizers.load(files("models/tinybert-random"))) {
            TokenizedText text = tokenizer.encode(golden.get("input").textValue(), 100);
            assertThat(text.ids()).containsExactly(ints(golden.get("ids")));
            assertThat(text.truncated()).isFalse();
            assertThat(tokenizer.maskTokenId()).hasValue(4);
            assertThat(tokenizer.padTokenId()).hasValue(2);
        }
    }

    @Test
    void tinyStoriesBeginsWithItsStartToken() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(files("models/tinystories-656k"))) {
            TokenizedText text = tokenizer.encode("Once upon a time", 100);
            assertThat(text.ids()[0]).isEqualTo(1);
            assertThat(text.ids()).hasSizeBetween(3, 7);
            assertThat(tokenizer.decode(text.ids())).isEqualTo("Once upon a time");
            assertThat(tokenizer.vocabularySize()).isEqualTo(2048);
            assertThat(tokenizer.beginTokenId()).hasValue(1);
            assertThat(tokenizer.endTokenId()).hasValue(2);
            assertThat(tokenizer.padTokenId()).hasValue(0);
            assertThat(tokenizer.modelMaxLength()).isEmpty();
            assertThat(tokenizer.encode("", 5).ids()).startsWith(1);
            assertThat(tokenizer.encode("a b", "c d", 50).ids()).containsSequence(tokenizer.encodePlain("c d"));
        }
    }

    private static int requireGolden(String key, Function<String, int[]> encode) throws IOException {
        int strings = 0;
        for (JsonNode row : golden()) {
            String text = row.get("text").textValue();
            assertThat(encode.apply(text)).as("tokens of <%s>", text).containsExactly(ints(row.get(key)));
            strings++;
        }
        return strings;
    }

    private static JsonNode golden() throws IOException {
        return new ObjectMapper()
                .readTree(SharedData.bytes("golden/tokenizer_golden.json"))
                .get("rows");
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    private static TokenizerFiles files(String folder) throws IOException {
        return TokenizerFiles.read(new LocalCheckpointFiles(SharedData.require(folder)));
    }
}
