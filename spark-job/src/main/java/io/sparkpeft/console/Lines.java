package io.sparkpeft.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Lines of name and value, the values under one another. */
public final class Lines {
    private record Line(String name, String value) {}

    private final List<String> done = new ArrayList<>();
    private final List<Line> block = new ArrayList<>();

    /** Starts a block. */
    public Lines title(String title) {
        close();
        done.add(title);
        return this;
    }

    public Lines add(String name, Object value) {
        block.add(new Line(name, String.valueOf(value)));
        return this;
    }

    /** Adds every value of a JSON tree under its path. */
    public Lines addAll(String prefix, JsonNode node) {
        if (!node.isContainerNode()) {
            return add(prefix, node.asText());
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                addAll(prefix + "[" + i + "]", node.get(i));
            }
        }
        node.fields()
                .forEachRemaining(field ->
                        addAll(prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(), field.getValue()));
        return this;
    }

    /** All lines. */
    public List<String> close() {
        int width = block.stream().mapToInt(line -> line.name.length()).max().orElse(0);
        for (Line line : block) {
            done.add("  " + line.name + " ".repeat(width - line.name.length()) + "  " + line.value);
        }
        block.clear();
        return List.copyOf(done);
    }
}
