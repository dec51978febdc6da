package io.sparkpeft.config.file;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Every key of a recipe as {@code reference.conf} has it, as rows of a Markdown table. */
public final class OptionsTable {
    private static final ConfigRenderOptions PLAIN = ConfigRenderOptions.concise();

    private OptionsTable() {}

    /** The table, in the order of {@code reference.conf}, without a line break after the last row. */
    public static String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("| key | default | meaning |");
        lines.add("|---|---|---|");
        rows("", RecipeFile.reference().root(), lines);
        return String.join("\n", lines);
    }

    /** What a key means, in one or more sentences. */
    public static String meaning(String key) {
        return meaning(RecipeFile.reference().getValue(key));
    }

    /** The default of a key: text, a number, a boolean or a list of such. */
    public static Object defaultValue(String key) {
        return RecipeFile.reference().getValue(key).unwrapped();
    }

    private static void rows(String prefix, ConfigObject section, List<String> lines) {
        section.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> firstLine(entry.getValue())))
                .forEach(entry -> {
                    String key = prefix + entry.getKey();
                    if (entry.getValue() instanceof ConfigObject inner) {
                        rows(key + ".", inner, lines);
                    } else {
                        lines.add("| `%s` | `%s` | %s |"
                                .formatted(key, entry.getValue().render(PLAIN), meaning(entry.getValue())));
                    }
                });
    }

    private static int firstLine(ConfigValue value) {
        return value.origin().lineNumber();
    }

    private static String meaning(ConfigValue value) {
        return value.origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
    }
}
