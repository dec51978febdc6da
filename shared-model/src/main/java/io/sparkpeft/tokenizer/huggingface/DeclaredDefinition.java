package io.sparkpeft.tokenizer.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.tokenizer.huggingface.Templates.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A tokenizer.json with what tokenizer_config.json overrides in it, as Hugging Face's classes do when they load it:
 * case and accents for BERT, begin and end tokens for Llama, the prefix space of byte-level BPE.
 */
final class DeclaredDefinition {
    private static final Set<String> BEGIN_AND_END_BY_CONFIGURATION =
            Set.of("LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer");

    private DeclaredDefinition() {}

    static ObjectNode compose(ObjectNode root, TokenizerSettings settings) {
        overrideNormalizer(root, settings);
        settings.flag("add_prefix_space").ifPresent(prefixSpace -> {
            if (root.path("pre_tokenizer") instanceof ObjectNode split
                    && split.path("type").asText().equals("ByteLevel")) {
                split.put("add_prefix_space", prefixSpace);
            }
        });
        if (BEGIN_AND_END_BY_CONFIGURATION.contains(settings.className())) {
            overrideBeginAndEnd(root, settings);
        }
        return root;
    }

    private static void overrideNormalizer(ObjectNode root, TokenizerSettings settings) {
        if (root.path("normalizer") instanceof ObjectNode normalizer
                && normalizer.path("type").asText().equals("BertNormalizer")) {
            settings.flag("do_lower_case").ifPresent(on -> normalizer.put("lowercase", on));
            settings.flag("strip_accents").ifPresent(on -> normalizer.put("strip_accents", on));
            settings.flag("tokenize_chinese_chars").ifPresent(on -> normalizer.put("handle_chinese_chars", on));
        }
    }

    private static void overrideBeginAndEnd(ObjectNode root, TokenizerSettings settings) {
        boolean begins = settings.flag("add_bos_token").orElse(true);
        boolean ends = settings.flag("add_eos_token").orElse(false);
        List<Piece> single = new ArrayList<>();
        List<Piece> pair = new ArrayList<>();
        for (int type = 0; type < 2; type++) {
            List<Piece> segment = new ArrayList<>();
            if (begins) {
                segment.add(piece(root, settings, "bos_token", "<s>", type));
            }
            segment.add(Piece.segment(type));
            if (ends) {
                segment.add(piece(root, settings, "eos_token", "</s>", type));
            }
            pair.addAll(segment);
            if (type == 0) {
                single.addAll(segment);
            }
        }
        root.set("post_processor", Templates.processor(single, pair));
    }

    private static Piece piece(JsonNode root, TokenizerSettings settings, String name, String usual, int type) {
        String token = settings.token(name).orElse(usual);
        OptionalInt id = Vocabulary.of(root).id(token);
        if (id.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot read tokenizer: %s %s is not in the vocabulary of tokenizer.json".formatted(name, token));
        }
        return new Piece(token, id.getAsInt(), type);
    }
}
