package io.sparkpeft.tokenizer.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What tokenizer_config.json and special_tokens_map.json say beside the tokenizer itself.
 *
 * @param configuration the root of tokenizer_config.json, a missing node where there is no such file
 * @param specialTokens the root of special_tokens_map.json, likewise
 */
record TokenizerSettings(JsonNode configuration, JsonNode specialTokens) {

    static TokenizerSettings read(TokenizerFiles files) {
        return new TokenizerSettings(root(files, "tokenizer_config.json"), root(files, "special_tokens_map.json"));
    }

    private static JsonNode root(TokenizerFiles files, String name) {
        return files.bytes(name)
                .<JsonNode>map(bytes -> Json.object(name, bytes))
                .orElse(MissingNode.getInstance());
    }

    /** Class of the Python tokenizer without the suffix Fast; empty where the files do not say. */
    String className() {
        return configuration.path("tokenizer_class").asText("").replaceFirst("Fast$", "");
    }

    /** A switch, if it is stated. */
    Optional<Boolean> flag(String name) {
        JsonNode value = configuration.path(name);
        return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }

    /** The text of a special token such as {@code pad_token}. */
    Optional<String> token(String name) {
        return text(configuration.path(name)).or(() -> text(specialTokens.path(name)));
    }

    private static Optional<String> text(JsonNode token) {
        JsonNode content = token.isObject() ? token.path("content") : token;
        return content.isTextual() ? Optional.of(content.textValue()) : Optional.empty();
    }

    /** The longest input; Hugging Face writes 1e30 where there is no limit. */
    OptionalInt modelMaxLength() {
        JsonNode value = configuration.path("model_max_length");
        return value.isNumber() && value.doubleValue() >= 1 && value.doubleValue() < Integer.MAX_VALUE
                ? OptionalInt.of(value.intValue())
                : OptionalInt.empty();
    }

    /** Whether texts too long lose their beginning instead of their end. */
    boolean truncatesLeft() {
        return configuration.path("truncation_side").asText("right").equals("left");
    }
}
