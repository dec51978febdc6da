package io.sparkpeft.model.architecture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.model.safetensors.CheckpointException;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** A config.json with typed access; a null counts as a missing key, as it does in Hugging Face's own files. */
public final class ConfigJson {
    private static final Map<String, Activation> ACTIVATIONS = Map.of(
            "gelu", Activation.GELU,
            "gelu_new", Activation.GELU_TANH,
            "gelu_pytorch_tanh", Activation.GELU_TANH,
            "gelu_fast", Activation.GELU_TANH,
            "silu", Activation.SILU,
            "swish", Activation.SILU,
            "relu", Activation.RELU,
            "tanh", Activation.TANH);

    private final String location;
    private final ObjectNode root;

    private ConfigJson(String location, ObjectNode root) {
        this.location = location;
        this.root = root;
    }

    /**
     * @param text the JSON
     * @param location where it is from, for messages
     */
    public static ConfigJson parse(byte[] text, String location) throws CheckpointException {
        JsonNode node;
        try {
            node = new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(
                    "Cannot read %s: it is not JSON (%s)".formatted(location, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new CheckpointException("Cannot read %s: %s".formatted(location, e.getMessage()), e);
        }
        if (node instanceof ObjectNode object) {
            return new ConfigJson(location, object);
        }
        throw new CheckpointException("Cannot read %s: it is not a JSON object".formatted(location));
    }

    public String location() {
        return location;
    }

    /** A copy of the whole. */
    public ObjectNode copy() {
        return root.deepCopy();
    }

    public boolean has(String key) {
        return root.hasNonNull(key);
    }

    /** The value of a key, the missing node where there is none. */
    public JsonNode node(String key) {
        return has(key) ? root.get(key) : root.path("");
    }

    public String text(String key) throws CheckpointException {
        JsonNode value = required(key);
        if (!value.isTextual()) {
            throw invalid(key, "a text is needed");
        }
        return value.textValue();
    }

    /** A number of 1 or more. */
    public int count(String key) throws CheckpointException {
        int value = integer(key);
        if (value < 1) {
            throw invalid(key, "1 or more is needed");
        }
        return value;
    }

    public int count(String key, int otherwise) throws CheckpointException {
        return has(key) ? count(key) : otherwise;
    }

    /** A number of attention heads that share the given width equally. */
    public int headsOf(String key, int width) throws CheckpointException {
        int heads = count(key);
        if (width % heads != 0) {
            throw invalid(key, "a divisor of the width %d is needed".formatted(width));
        }
        return heads;
    }

    private int integer(String key) throws CheckpointException {
        JsonNode value = required(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw invalid(key, "an integer is needed");
        }
        return value.intValue();
    }

    public double real(String key, double otherwise) throws CheckpointException {
        if (!has(key)) {
            return otherwise;
        }
        if (!root.get(key).isNumber()) {
            throw invalid(key, "a number is needed");
        }
        return root.get(key).doubleValue();
    }

    /** A number of 0 to less than 1. */
    public float probability(String key, double otherwise) throws CheckpointException {
        double value = real(key, otherwise);
        if (!(value >= 0 && value < 1)) {
            throw invalid(key, "a probability below 1 is needed");
        }
        return (float) value;
    }

    /** A number above 0. */
    public float positive(String key, double otherwise) throws CheckpointException {
        double value = real(key, otherwise);
        if (!(value > 0 && value < Float.MAX_VALUE)) {
            throw invalid(key, "a number above 0 is needed");
        }
        return (float) value;
    }

    public boolean flag(String key, boolean otherwise) throws CheckpointException {
        if (!has(key)) {
            return otherwise;
        }
        if (!root.get(key).isBoolean()) {
            throw invalid(key, "true or false is needed");
        }
        return root.get(key).booleanValue();
    }

    /** The activation that a key names. */
    public Activation activation(String key, String otherwise) throws CheckpointException {
        String name = has(key) ? text(key) : otherwise;
        Activation activation = ACTIVATIONS.get(name.toLowerCase(Locale.ROOT));
        if (activation == null) {
            throw unsupported(key, "gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, silu, swish, relu, tanh");
        }
        return activation;
    }

    /** Refuses a configuration in which a key has another value than the only one supported. */
    public void require(String key, JsonNode only) throws CheckpointException {
        if (has(key) && !root.get(key).equals(only)) {
            throw unsupported(key, only.toString());
        }
    }

    /** The error for a value that is valid but not supported. */
    public CheckpointException unsupported(String key, String supported) {
        return new CheckpointException(
                "Cannot use %s: %s %s is not supported (supported: %s)".formatted(location, key, node(key), supported));
    }

    private CheckpointException invalid(String key, String needed) {
        return new CheckpointException("Invalid %s in %s: %s (%s)".formatted(key, location, root.get(key), needed));
    }

    private JsonNode required(String key) throws CheckpointException {
        if (!has(key)) {
            throw new CheckpointException("Cannot read %s: the key %s is missing".formatted(location, key));
        }
        return root.get(key);
    }
}
