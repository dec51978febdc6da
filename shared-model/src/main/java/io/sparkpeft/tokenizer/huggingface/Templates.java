package io.sparkpeft.tokenizer.huggingface;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Parts of a tokenizer.json: post-processors that put special tokens around the text, and added tokens. */
final class Templates {
    private Templates() {}

    /** A special token, or a segment where {@code token} is empty. */
    record Piece(String token, int id, int type) {
        static Piece segment(int type) {
            return new Piece("", -1, type);
        }

        boolean isSegment() {
            return token.isEmpty();
        }
    }

    /** A post-processor of type TemplateProcessing. */
    static ObjectNode processor(List<Piece> single, List<Piece> pair) {
        ObjectNode processor = Json.object().put("type", "TemplateProcessing");
        ObjectNode tokens = Json.object();
        sequence(processor.putArray("single"), single, tokens);
        sequence(processor.putArray("pair"), pair, tokens);
        processor.set("special_tokens", tokens);
        return processor;
    }

    private static void sequence(ArrayNode target, List<Piece> pieces, ObjectNode tokens) {
        for (Piece piece : pieces) {
            String name = piece.isSegment() ? (piece.type() == 0 ? "A" : "B") : piece.token();
            target.addObject()
                    .putObject(piece.isSegment() ? "Sequence" : "SpecialToken")
                    .put("id", name)
                    .put("type_id", piece.type());
            if (!piece.isSegment()) {
                ObjectNode token = tokens.putObject(name).put("id", name);
                token.putArray("ids").add(piece.id());
                token.putArray("tokens").add(name);
            }
        }
    }

    /** An entry of {@code added_tokens}: a token that is found in the text before it is split. */
    static void addSpecial(ArrayNode addedTokens, String token, int id) {
        addedTokens
                .addObject()
                .put("id", id)
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }
}
