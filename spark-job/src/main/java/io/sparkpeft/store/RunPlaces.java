package io.sparkpeft.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sparkpeft.store.file.Storage;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * How a run's own files name places in its directory: as <code>${run}/artefacts/…</code>, so that an interrupted run goes on
 * wherever its directory was moved or copied to. Only the keys {@code uri} and {@code directory} hold places; one outside
 * of the directory, and one that was written in full, stays as it is.
 */
public final class RunPlaces {
    private static final String RUN = "${run}";
    private static final Set<String> KEYS = Set.of("uri", "directory");

    private final String root;

    RunPlaces(Storage run) {
        this.root = run.uri();
    }

    /** What to write for a value that names places by their URIs. */
    public JsonNode toWritten(JsonNode value) {
        return map(value, place -> replace(place, root, RUN));
    }

    /** The value, with URIs, of what was written. */
    public JsonNode fromWritten(JsonNode written) {
        return map(written, place -> replace(place, RUN, root));
    }

    private static String replace(String place, String before, String after) {
        return place.startsWith(before + "/") ? after + place.substring(before.length()) : place;
    }

    private static JsonNode map(JsonNode node, UnaryOperator<String> place) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.fields().forEachRemaining(field -> {
                JsonNode value = field.getValue();
                boolean isPlace = KEYS.contains(field.getKey()) && value.isTextual();
                copy.set(field.getKey(), isPlace ? new TextNode(place.apply(value.textValue())) : map(value, place));
            });
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(element -> copy.add(map(element, place)));
            return copy;
        }
        return node;
    }
}
