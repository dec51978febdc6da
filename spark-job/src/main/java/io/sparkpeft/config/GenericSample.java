package io.sparkpeft.config;

import io.sparkpeft.config.bind.Range;
import java.util.List;

/** A sample of general text, which stands for what the model already knows. */
public record GenericSample(
        List<String> paths,
        DataRecipe.Format format,
        String textColumn,
        DataRecipe.TextUnit textUnit,
        @Range(min = 1) int examples,
        @Range(min = 0) int skip) {

    public boolean isEmpty() {
        return paths.isEmpty();
    }
}
