package io.sparkpeft.tokenizer.huggingface;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.tokenizer.huggingface.Templates.Piece;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/**
 * The tokenizer.json that stands for a vocab.txt: BERT's WordPiece (Devlin et al. 2018, arXiv 1810.04805). Uncased,
 * with Chinese characters split, unless tokenizer_config.json says otherwise.
 */
final class WordPieceDefinition {
    private WordPieceDefinition() {}

    static ObjectNode compose(byte[] vocabulary, TokenizerSettings settings) {
        ObjectNode ids = ids(vocabulary);
        String unknown = settings.token("unk_token").orElse("[UNK]");
        String begin = settings.token("cls_token").orElse("[CLS]");
        String end = settings.token("sep_token").orElse("[SEP]");
        Piece first = new Piece(begin, require(ids, begin), 0);
        Piece last = new Piece(end, require(ids, end), 0);
        Piece lastOfPair = new Piece(end, last.id(), 1);
        require(ids, unknown);

        ObjectNode root = Json.object().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        addedTokens(ids, settings, List.of(unknown, begin, end))
                .forEach((id, token) -> Templates.addSpecial(added, token, id));
        root.set("normalizer", normalizer(settings));
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        root.set(
                "post_processor",
                Templates.processor(
                        List.of(first, Piece.segment(0), last),
                        List.of(first, Piece.segment(0), last, Piece.segment(1), lastOfPair)));
        root.set("decoder", Json.literal("{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}"));
        root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", unknown)
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100)
                .set("vocab", ids);
        return root;
    }

    private static ObjectNode normalizer(TokenizerSettings settings) {
        ObjectNode normalizer = Json.object()
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put(
                        "handle_chinese_chars",
                        settings.flag("tokenize_chinese_chars").orElse(true))
                .put("lowercase", settings.flag("do_lower_case").orElse(true));
        normalizer.putNull("strip_accents");
        settings.flag("strip_accents").ifPresent(strip -> normalizer.put("strip_accents", strip));
        return normalizer;
    }

    /** The special tokens by id, in the order in which they have to be added. */
    private static TreeMap<Integer, String> addedTokens(
            ObjectNode ids, TokenizerSettings settings, List<String> required) {
        TreeMap<Integer, String> tokens = new TreeMap<>();
        required.forEach(token -> tokens.put(ids.get(token).intValue(), token));
        for (String token : List.of(
                settings.token("pad_token").orElse("[PAD]"),
                settings.token("mask_token").orElse("[MASK]"))) {
            if (ids.has(token)) {
                tokens.put(ids.get(token).intValue(), token);
            }
        }
        return tokens;
    }

    private static ObjectNode ids(byte[] vocabulary) {
        ObjectNode ids = Json.object();
        String[] lines = new String(vocabulary, StandardCharsets.UTF_8).split("\r?\n", -1);
        int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
        for (int id = 0; id < count; id++) {
            ids.put(lines[id], id);
        }
        return ids;
    }

    private static int require(ObjectNode ids, String token) {
        if (!ids.has(token)) {
            throw new IllegalArgumentException(
                    "Cannot read tokenizer: vocab.txt of %d tokens lacks the special token %s"
                            .formatted(ids.size(), token));
        }
        return ids.get(token).intValue();
    }
}
