package io.sparkpeft.tokenizer.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokens of a tokenizer.json.
 *
 * @param added the array of added tokens
 * @param model the vocabulary of the model: an object token → id, or an array of [token, score]
 */
record Vocabulary(JsonNode added, JsonNode model) {
    static Vocabulary of(JsonNode root) {
        return new Vocabulary(root.path("added_tokens"), root.path("model").path("vocab"));
    }

    OptionalInt id(String token) {
        for (JsonNode entry : added) {
            if (entry.path("content").asText().equals(token)) {
                return OptionalInt.of(entry.path("id").asInt());
            }
        }
        if (model.isObject()) {
            return model.has(token) ? OptionalInt.of(model.get(token).asInt()) : OptionalInt.empty();
        }
        for (int id = 0; id < model.size(); id++) {
            if (model.get(id).path(0).asText().equals(token)) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }

    /** One more than the highest id. */
    int size() {
        int size = model.isArray() ? model.size() : 0;
        if (model.isObject()) {
            for (Map.Entry<String, JsonNode> entry : model.properties()) {
                size = Math.max(size, entry.getValue().asInt() + 1);
            }
        }
        for (JsonNode entry : added) {
            size = Math.max(size, entry.path("id").asInt() + 1);
        }
        return size;
    }
}
