package io.sparkpeft.store;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import java.nio.file.Path;
import java.util.List;

/** Recipes whose run directory is in a test's folder. */
final class Recipes {
    private Recipes() {}

    static Recipe in(Path directory, String... settings) {
        return RecipeFile.parse(
                "model.path = m, data { train.paths = [t], dev.paths = [d] }, output.directory = \"" + directory + "\"",
                "test.conf",
                List.of(settings));
    }
}
