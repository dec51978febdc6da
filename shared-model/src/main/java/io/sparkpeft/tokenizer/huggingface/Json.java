package io.sparkpeft.tokenizer.huggingface;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Reading and writing the JSON of a tokenizer's files. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** The root of a file that has to hold a JSON object. */
    static ObjectNode object(String fileName, byte[] bytes) {
        try {
            JsonNode root = MAPPER.readTree(bytes);
            if (root instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalArgumentException("Cannot read tokenizer: %s holds no JSON object".formatted(fileName));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Cannot read tokenizer: %s is no JSON at line %d: %s"
                            .formatted(
                                    fileName,
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getLineNr(),
                                    e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read tokenizer: %s: %s".formatted(fileName, e.getMessage()), e);
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** An object from a literal of this program. */
    static ObjectNode literal(String json) {
        try {
            return (ObjectNode) MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Invalid JSON in the program: " + json, e);
        }
    }
}
