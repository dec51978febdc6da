package io.sparkpeft.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.model.Recompute;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeKeysTest {
    private static final String LEAST = "model.path = m\ndata { train.paths = [t], dev.paths = [d] }\n";
    private final Recipe recipe = recipe("");

    private static Recipe recipe(String lines, String... settings) {
        return RecipeFile.parse(LEAST + lines, "x.conf", List.of(settings));
    }

    @Test
    void hashDoesNotDependOnHowOrWhereTheRecipeIsWritten() {
        Recipe other = RecipeFile.parse(
                "# other words\n{\"data\": {\"train\": {\"paths\": [\"t\"]}, dev.paths: [d]}, train { learning-rate: 0.0020, seed = ${seed} } }"
                        .replace(", seed = ${seed}", ""),
                "folder/other.conf",
                List.of(
                        "model.path=m",
                        "output.directory=/tmp/elsewhere",
                        "output.keep-checkpoints=9",
                        "output.profile=true",
                        "train.recompute=full",
                        "data.cache=c"));

        assertThat(other).isNotEqualTo(recipe);
        assertThat(RecipeKeys.hash(other)).isEqualTo(RecipeKeys.hash(recipe));
        assertThat(RecipeKeys.differences(other, recipe)).isEmpty();
    }

    @Test
    void hashDependsOnWhatIsComputed() {
        Recipe other = recipe("train.epochs = 4, data.shards = 2");

        assertThat(RecipeKeys.hash(other)).isNotEqualTo(RecipeKeys.hash(recipe));
        assertThat(RecipeKeys.differences(other, recipe))
                .containsExactly("data.shards: 2, not 1", "train.epochs: 4, not 3");
    }

    /** Runs that were made when there were two of them hold these. */
    @Test
    void formerWordsAreUnderstood() {
        assertThat(recipe("train.recompute = false").train().recompute()).isEqualTo(Recompute.NONE);
        assertThat(recipe("", "train.recompute=true").train().recompute()).isEqualTo(Recompute.FULL);
        assertThatThrownBy(() -> recipe("", "train.recompute=some"))
                .hasMessageContaining("Invalid train.recompute: \"some\" is none of none, selective, full");
    }

    @Test
    void hidesPasswordsAndDoesNotDependOnThem() {
        Recipe one = recipe("", "model.path=ftp://joe:first@host/m", "data.train.paths=https://h/t?a=1&sig=x2");
        Recipe other = recipe("", "model.path=ftp://joe:second@host/m", "data.train.paths=https://h/t?a=1&sig=y3");

        assertThat(RecipeKeys.text(one))
                .contains("ftp://***@host/m", "https://h/t?a=1&sig=***")
                .doesNotContain("first", "x2");
        assertThat(RecipeKeys.hash(one)).isEqualTo(RecipeKeys.hash(other));
    }
}
