package io.sparkpeft.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.tokenizer.TokenizedText;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts and pairs, whole and truncated, as Hugging Face transformers encodes them from the same vocabulary files:
 * src/test/python/make_tokenizer_fixtures.py.
 */
class HuggingFaceTokenizerTest {
    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "bytelevel"})
    void encodesAsTransformersDoes(String kind) throws IOException, URISyntaxException {
        Path folder =
                Path.of(getClass().getResource("/fixtures-tokenizer/" + kind).toURI());
        JsonNode cases =
                new ObjectMapper().readTree(folder.resolve("cases.json").toFile());
        try (Tokenizer tokenizer = Tokenizers.load(TokenizerFiles.read(new LocalCheckpointFiles(folder)))) {
            for (JsonNode expected : cases) {
                String text = expected.get("text").textValue();
                int length = expected.get("maxLength").intValue();
                TokenizedText actual = expected.get("pair").isNull()
                        ? tokenizer.encode(text, length)
                        : tokenizer.encode(text, expected.get("pair").textValue(), length);
                assertThat(actual.ids()).as(expected.toString()).containsExactly(ints(expected.get("ids")));
                assertThat(actual.typeIds()).as(expected.toString()).containsExactly(ints(expected.get("types")));
                assertThat(tokenizer.encodePlain(text)).containsExactly(ints(expected.get("plain")));
            }
            assertThat(cases).hasSizeGreaterThan(50);
        }
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }
}
