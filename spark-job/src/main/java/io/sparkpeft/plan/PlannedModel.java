package io.sparkpeft.plan;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Lines;
import io.sparkpeft.model.checkpoint.ModelOutline;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.spark.model.BaseModel;
import io.sparkpeft.stage.OpenRun;
import io.sparkpeft.stage.data.ModelInputs;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The model of a run, as its configuration and the headers of its files describe it.
 *
 * @param inputs configuration and tokenizer
 * @param outline its tensors
 * @param labelsKnown whether the number of classes is known; if not, the head is that of two
 */
record PlannedModel(ModelInputs inputs, ModelOutline outline, boolean labelsKnown) {
    private static final List<String> TWO = List.of("0", "1");
    private static final int MOST_SHOWN = 6;

    /** @param labels empty where only the data can tell */
    static PlannedModel read(
            Recipe recipe, ModelInputs inputs, Optional<List<String>> labels, Configuration configuration) {
        ModelOutline outline = BaseModel.outline(OpenRun.reference(recipe, labels.orElse(TWO)), configuration);
        return new PlannedModel(inputs, outline, labels.isPresent());
    }

    ParameterLayout layout() {
        return outline.definition().layout();
    }

    int largestTensor() {
        return layout().tensors().stream().mapToInt(TensorSpec::size).max().orElse(0);
    }

    void describe(Recipe recipe, Lines lines) {
        ParameterLayout layout = layout();
        lines.add("model", recipe.model().path());
        lines.add(
                "family",
                "%s, %d layers of width %d"
                        .formatted(
                                outline.definition().family().modelType(),
                                inputs.config().sizes().layers(),
                                inputs.config().sizes().hidden()));
        lines.add(
                "weights",
                "%,d in %d tensors: body %,d, task head %,d%s, frozen %,d"
                        .formatted(
                                layout.size(),
                                layout.count(),
                                layout.size(TensorRole.BODY),
                                layout.size(TensorRole.HEAD),
                                labelsKnown ? "" : " (for two classes; the data will tell how many there are)",
                                layout.size(TensorRole.FROZEN)));
        List<String> drawn = outline.report().initialised();
        if (drawn.size() == layout.count()) {
            lines.add("drawn", "all weights, from seed %d".formatted(recipe.seed()));
        } else if (!drawn.isEmpty()) {
            lines.add("drawn", listed(drawn));
        }
        if (!outline.report().ignored().isEmpty()) {
            lines.add("left out", listed(outline.report().ignored()));
        }
        lines.add("tokens", "at most %,d an example".formatted(inputs.maxLength()));
    }

    private static String listed(List<String> names) {
        int shown = Math.min(MOST_SHOWN, names.size());
        String more = names.size() > shown ? " and %d more".formatted(names.size() - shown) : "";
        return String.join(", ", names.subList(0, shown)) + more;
    }
}
