package io.sparkpeft.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkpeft.config.bind.RecordWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTableTest {
    private static final String START = "<!-- options -->";
    private static final String END = "<!-- options end -->";

    @Test
    void everyKeyHasItsRowAndMeaning() {
        List<String> rows = OptionsTable.markdown().lines().skip(2).toList();
        List<String> keys = List.copyOf(RecordWriter.flat(
                        RecipeFile.parse("model.path = m, data { train.paths = [t], dev.paths = [d] }", "x", List.of()))
                .keySet());

        assertThat(rows).extracting(row -> row.split("`", -1)[1]).containsExactlyElementsOf(keys);
        assertThat(rows).allMatch(row -> row.matches("\\| `[a-z0-9.-]+` \\| `[^`]+` \\| .{10,}\\. \\|"));
    }

    @Test
    void theReadmeHasTheSameTable() throws IOException {
        Path readme = Path.of("../README.md");
        assumeTrue(Files.exists(readme) && Files.readString(readme).contains(START), "README.md has no options table");
        String text = Files.readString(readme);

        assertThat(text).contains(END);
        assertThat(text.substring(text.indexOf(START) + START.length(), text.indexOf(END))
                        .strip())
                .as("the table that `sparkpeft options` prints")
                .isEqualTo(OptionsTable.markdown());
    }
}
