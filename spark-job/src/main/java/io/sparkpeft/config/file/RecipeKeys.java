package io.sparkpeft.config.file;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.bind.RecordWriter;
import io.sparkpeft.param.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells whether two recipes make the same run. */
public final class RecipeKeys {
    /** Keys that change where a run is kept, what is told of it, or what it takes; not one bit of what it computes. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "name",
            "train.recompute",
            "output.directory",
            "output.keep-checkpoints",
            "output.profile",
            "output.watts-per-core",
            "data.cache");

    private RecipeKeys() {}

    /** Hex SHA-256 over all keys that decide what a run computes; how the file was written does not matter. */
    public static String hash(Recipe recipe) {
        Fingerprint print = new Fingerprint();
        RecordWriter.flat(recipe).forEach((key, value) -> {
            if (!WITHOUT_EFFECT.contains(key)) {
                print.add((key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
        return print.hex();
    }

    /** The keys that make another run of one recipe than of the other, each as "key: one's value, not other's". */
    public static List<String> differences(Recipe one, Recipe other) {
        Map<String, String> there = RecordWriter.flat(other);
        List<String> differences = new ArrayList<>();
        RecordWriter.flat(one).forEach((key, value) -> {
            if (!WITHOUT_EFFECT.contains(key) && !value.equals(there.get(key))) {
                differences.add("%s: %s, not %s".formatted(key, value, there.get(key)));
            }
        });
        return differences;
    }

    /** The recipe as text that reads back to the same recipe; secrets are redacted. */
    public static String text(Recipe recipe) {
        return RecordWriter.text(recipe);
    }
}
