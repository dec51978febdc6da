package io.sparkpeft.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.tokenizer.TokenizedText;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Laws of tokenizers, on vocabularies small enough to read. */
class TokenizerTest {
    private static final String WORDS = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\nsat\n##s\non\nmat\ncafe\n";
    private static final int LONG = 1000;

    private static TokenizerFiles words(String configuration) {
        return files(Map.of("vocab.txt", WORDS, "tokenizer_config.json", configuration));
    }

    private static TokenizerFiles files(Map<String, String> contents) {
        Map<String, byte[]> bytes = new HashMap<>();
        contents.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return new TokenizerFiles(bytes);
    }

    @Test
    void wordPieceSplitsFoldsAndMarks() {
        try (Tokenizer tokenizer = Tokenizers.load(words("{}"))) {
            assertThat(tokenizer.encodePlain("The CATS sat, Café")).containsExactly(5, 6, 8, 7, 1, 11);
            assertThat(tokenizer.encode("the cat", LONG).ids()).containsExactly(2, 5, 6, 3);
            assertThat(tokenizer.encode("the [MASK]", LONG).ids()).containsExactly(2, 5, 4, 3);
            assertThat(tokenizer.decode(new int[] {2, 5, 6, 8, 3})).isEqualTo("the cats");
            assertThat(IntStream.range(0, 13).filter(tokenizer::isSpecial)).containsExactly(0, 1, 2, 3, 4);
            assertThat(tokenizer.isSpecial(-1)).isFalse();
        }
    }

    @Test
    void configurationOfBertIsHeeded() {
        try (Tokenizer tokenizer = Tokenizers.load(words("{\"do_lower_case\": false, \"model_max_length\": 77}"))) {
            assertThat(tokenizer.encodePlain("The cat café")).containsExactly(1, 6, 1);
            assertThat(tokenizer.modelMaxLength()).hasValue(77);
        }
        try (Tokenizer tokenizer = Tokenizers.load(words("{\"do_lower_case\": false, \"strip_accents\": true}"))) {
            assertThat(tokenizer.encodePlain("The cat café")).containsExactly(1, 6, 11);
        }
    }

    @Test
    void aTextTooLongLosesItsEnd() {
        try (Tokenizer tokenizer = Tokenizers.load(words("{}"))) {
            String text = "the cat sat on the mat";
            int[] whole = tokenizer.encode(text, LONG).ids();
            for (int limit = 2; limit <= whole.length + 1; limit++) {
                TokenizedText cut = tokenizer.encode(text, limit);
                int[] expected = Arrays.copyOf(whole, Math.min(limit, whole.length));
                expected[expected.length - 1] = 3;
                assertThat(cut.ids()).containsExactly(expected);
                assertThat(cut.truncated()).isEqualTo(limit < whole.length);
            }
            assertThatThrownBy(() -> tokenizer.encode(text, 1))
                    .hasMessage("Invalid length: 1 tokens cannot hold the 2 special tokens");
        }
    }

    @Test
    void aTextTooLongLosesItsBeginningWhereTheConfigurationSaysSo() {
        try (Tokenizer tokenizer = Tokenizers.load(words("{\"truncation_side\": \"left\"}"))) {
            assertThat(tokenizer.encode("the cat sat on", 4).ids()).containsExactly(2, 7, 9, 3);
        }
    }

    @Test
    void aPairTooLongLosesFromTheLonger() {
        try (Tokenizer tokenizer = Tokenizers.load(words("{}"))) {
            TokenizedText cut = tokenizer.encode("the cat sat on the mat", "on mat", 8);
            assertThat(cut.ids()).containsExactly(2, 5, 6, 7, 3, 9, 10, 3);
            assertThat(cut.typeIds()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1);
            assertThat(cut.truncated()).isTrue();
        }
    }

    @Test
    void halfASurrogatePairAndAZeroAreNoAccident() {
        try (Tokenizer tokenizer = Tokenizers.load(words("{}"))) {
            assertThat(tokenizer.encodePlain("cat \ud83d mat")).startsWith(6).endsWith(10);
            assertThat(tokenizer.encodePlain("cat\u0000 \ud83e\udd99")).containsExactly(6, 1);
        }
    }

    @Test
    void byteLevelGivesBackEveryText() {
        try (Tokenizer tokenizer = Tokenizers.load(ByteAlphabet.files("\u0120 t\nt h\nth e\n"))) {
            for (String text : new String[] {"", " ", "the the\n", "Ünïcode 乡 🚀", "\u0000\u0001", "don't  stop"}) {
                assertThat(tokenizer.decode(tokenizer.encodePlain(text))).isEqualTo(text);
            }
            assertThat(tokenizer.encodePlain("the")).hasSize(1);
            assertThat(tokenizer.encodePlain(" the")).hasSize(3);
            assertThat(tokenizer.vocabularySize()).isEqualTo(260);
        }
    }

    @Test
    void threadsShareATokenizer() {
        try (Tokenizer tokenizer = Tokenizers.load(words("{}"))) {
            int[] lengths = IntStream.range(0, 2000)
                    .parallel()
                    .map(i -> tokenizer
                            .encode("the cat sat on the mat", 2 + i % 10)
                            .length())
                    .toArray();
            for (int i = 0; i < lengths.length; i++) {
                assertThat(lengths[i]).isEqualTo(Math.min(2 + i % 10, 8));
            }
        }
    }

    @Test
    void llamaTakesBeginAndEndFromItsConfiguration() {
        String definition =
                "{\"version\":\"1.0\",\"added_tokens\":[],\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"u\","
                        + "\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":9,"
                        + "\"vocab\":{\"u\":0,\"<s>\":1,\"</s>\":2,\"cat\":3}},\"pre_tokenizer\":{\"type\":\"Whitespace\"}}";
        String settings = "{\"tokenizer_class\":\"LlamaTokenizerFast\",\"bos_token\":\"<s>\","
                + "\"eos_token\":{\"content\":\"</s>\"},\"add_eos_token\":true}";
        try (Tokenizer tokenizer =
                Tokenizers.load(files(Map.of("tokenizer.json", definition, "tokenizer_config.json", settings)))) {
            assertThat(tokenizer.encode("cat", LONG).ids()).containsExactly(1, 3, 2);
            TokenizedText pair = tokenizer.encode("cat", "cat cat", LONG);
            assertThat(pair.ids()).containsExactly(1, 3, 2, 1, 3, 3, 2);
            assertThat(pair.typeIds()).containsExactly(0, 0, 0, 1, 1, 1, 1);
            assertThat(tokenizer.encode("cat", "cat cat", 6).ids()).containsExactly(1, 3, 2, 1, 3, 2);
        }
    }

    @Test
    void whatIsNoTokenizerIsRefusedInOneSentence() {
        assertThatThrownBy(() -> Tokenizers.load(files(Map.of("tokenizer.json", "{\"model\": "))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read tokenizer: tokenizer.json is no JSON at line 1: ");
        assertThatThrownBy(() -> Tokenizers.load(files(Map.of("tokenizer.json", "[]"))))
                .hasMessage("Cannot read tokenizer: tokenizer.json holds no JSON object");
        assertThatThrownBy(() -> Tokenizers.load(files(Map.of("tokenizer.json", "{\"model\": {\"type\": \"BPE\"}}"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read tokenizer: tokenizer.json: ");
        assertThatThrownBy(() -> Tokenizers.load(files(Map.of("vocab.txt", "the\ncat\n"))))
                .hasMessageContaining("vocab.txt of 2 tokens lacks the special token [CLS]");
        assertThatThrownBy(() -> Tokenizers.load(files(Map.of("vocab.json", "{}"))))
                .hasMessageContaining("neither tokenizer.json nor vocab.txt");
        assertThatThrownBy(() -> Tokenizers.load(ByteAlphabet.files("a b\nabc\n")))
                .hasMessage("Cannot read tokenizer: line 3 of merges.txt is no pair: abc");
    }

    @Test
    void fingerprintTellsFilesApart() {
        assertThat(words("{}").fingerprint())
                .isEqualTo(words("{}").fingerprint())
                .isNotEqualTo(words("{ }").fingerprint());
    }
}
