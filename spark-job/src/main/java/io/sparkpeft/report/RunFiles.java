package io.sparkpeft.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.command.NetworkProgram;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.MetricsLog;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a report is made of.
 *
 * @param uri of the run directory
 * @param recipeText the resolved recipe
 * @param recipe the same
 * @param manifest where everything came from
 * @param metrics what was measured, in order
 * @param result the outcome
 * @param tensors weights pruned and tuned of each tensor
 */
record RunFiles(
        String uri,
        String recipeText,
        Recipe recipe,
        JsonNode manifest,
        List<JsonNode> metrics,
        JsonNode result,
        List<JsonNode> tensors) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws JobException if the directory holds no run that has come to its end, or a file is damaged */
    static RunFiles read(Storage run) {
        List<String> entries = run.list();
        for (String needed : List.of(RunDirectory.RECIPE, RunDirectory.MANIFEST, RunDirectory.RESULT)) {
            if (!entries.contains(needed)) {
                throw JobException.input("Cannot report on %s: there is no %s".formatted(run.uri(), needed));
            }
        }
        String recipe = run.readText(RunDirectory.RECIPE);
        List<JsonNode> metrics = new ArrayList<>();
        run.readText(MetricsLog.FILE)
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> metrics.add(parse(line, run.uri(MetricsLog.FILE))));
        List<JsonNode> tensors = new ArrayList<>();
        if (entries.contains(RunDirectory.TENSORS)) {
            parse(run.readText(RunDirectory.TENSORS), run.uri(RunDirectory.TENSORS))
                    .forEach(tensors::add);
        }
        return new RunFiles(
                run.uri(),
                recipe,
                RecipeFile.parse(recipe, run.uri(RunDirectory.RECIPE), List.of()),
                parse(run.readText(RunDirectory.MANIFEST), run.uri(RunDirectory.MANIFEST)),
                metrics,
                parse(run.readText(RunDirectory.RESULT), run.uri(RunDirectory.RESULT)),
                tensors);
    }

    private static JsonNode parse(String text, String source) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw JobException.input("Cannot read %s: it is damaged (%s)".formatted(source, e.getOriginalMessage()));
        }
    }

    /** The lines of one kind and mode. */
    Stream<JsonNode> metrics(String kind, String mode) {
        return metrics.stream()
                .filter(row -> row.path("kind").asText().equals(kind)
                        && row.path("mode").asText().equals(mode));
    }

    /** The modes that were run, the recipe's own first. */
    List<String> modes() {
        List<String> modes = new ArrayList<>();
        modes.add(resultMode());
        result.path("modes").fieldNames().forEachRemaining(mode -> {
            if (!mode.equals(resultMode())) {
                modes.add(mode);
            }
        });
        return modes;
    }

    String resultMode() {
        return result.path("result-mode").asText();
    }

    /** What a mode came to. */
    JsonNode mode(String key) {
        return result.path("modes").path(key);
    }

    /** Whether the model is a network of another library, in one zip. */
    boolean isNetwork() {
        return NetworkProgram.isNetwork(recipe.model().path());
    }

    /** The metric that decides. */
    String metric() {
        return result.path("metric").asText();
    }
}
