package io.sparkpeft.tokenizer.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.tokenizer.huggingface.Templates.Piece;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The tokenizer.json that stands for vocab.json and merges.txt: GPT-2's byte-level byte-pair encoding (Radford et al.
 * 2019, after Sennrich et al. 2016, arXiv 1508.07909).
 */
final class ByteLevelDefinition {
    private static final String END_OF_TEXT = "<|endoftext|>";

    private ByteLevelDefinition() {}

    static ObjectNode compose(ObjectNode vocabulary, byte[] merges, TokenizerSettings settings) {
        requireGpt2(settings);
        boolean prefixSpace = settings.flag("add_prefix_space").orElse(false);
        ObjectNode root = Json.object().put("version", "1.0");
        String begin = settings.token("bos_token").orElse(END_OF_TEXT);
        JsonNode beginId = vocabulary.path(begin);
        ArrayNode added = root.putArray("added_tokens");
        if (beginId.isInt()) {
            Templates.addSpecial(added, begin, beginId.intValue());
        }
        root.putNull("normalizer");
        root.set("pre_tokenizer", byteLevel(prefixSpace, true));
        root.set("decoder", byteLevel(true, true));
        if (settings.flag("add_bos_token").orElse(false) && beginId.isInt()) {
            Piece first = new Piece(begin, beginId.intValue(), 0);
            root.set(
                    "post_processor",
                    Templates.processor(
                            List.of(first, Piece.segment(0)),
                            List.of(first, Piece.segment(0), first, Piece.segment(1))));
        } else {
            root.set("post_processor", byteLevel(true, false));
        }
        ObjectNode model = root.putObject("model")
                .put("type", "BPE")
                .put("continuing_subword_prefix", "")
                .put("end_of_word_suffix", "")
                .put("fuse_unk", false)
                .put("byte_fallback", false);
        model.putNull("dropout").putNull("unk_token").set("vocab", vocabulary);
        mergeRules(model.putArray("merges"), merges);
        return root;
    }

    /** RoBERTa, GPT-1 and others use the same two file names for other tokenizers. */
    private static void requireGpt2(TokenizerSettings settings) {
        String name = settings.className();
        if (!name.isEmpty() && !name.equals("GPT2Tokenizer")) {
            throw new IllegalArgumentException(
                    "Cannot read tokenizer: vocab.json and merges.txt of class %s need a tokenizer.json beside them"
                            .formatted(name));
        }
    }

    private static ObjectNode byteLevel(boolean prefixSpace, boolean trimOffsets) {
        return Json.object()
                .put("type", "ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", trimOffsets)
                .put("use_regex", true);
    }

    private static void mergeRules(ArrayNode target, byte[] merges) {
        String[] lines = new String(merges, StandardCharsets.UTF_8).split("\r?\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].isEmpty() || (i == 0 && lines[i].startsWith("#version"))) {
                continue;
            }
            if (lines[i].split(" ", -1).length != 2) {
                throw new IllegalArgumentException(
                        "Cannot read tokenizer: line %d of merges.txt is no pair: %s".formatted(i + 1, lines[i]));
            }
            target.add(lines[i]);
        }
    }
}
