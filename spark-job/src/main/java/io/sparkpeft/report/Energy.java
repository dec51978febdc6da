package io.sparkpeft.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.report.html.Bars;
import io.sparkpeft.report.html.Figures;
import io.sparkpeft.report.html.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Joules of a run, measured or, and then they say so, estimated. */
record Energy(RunFiles files) {
    /** The stages that make a mode's adapter. */
    private static final List<String> TUNING = List.of("importance", "mask", "train");

    void write(Html html) {
        JsonNode energy = files.result().path("energy");
        if (energy.isMissingNode()) {
            return;
        }
        html.element("h3", "Energy by stage");
        html.element("p", source(energy));
        JsonNode joules = joules(energy);
        double whole = joules.path("joules").asDouble();
        Bars bars = new Bars();
        // In the order of the times beside them.
        files.result().path("stages").fieldNames().forEachRemaining(stage -> {
            double used = joules.path("stages").path(stage).asDouble();
            bars.add(stage, used, words(used), whole > 0 ? Amounts.share(used / whole) : Figures.NONE);
        });
        bars.write(html, "Energy of each stage");
    }

    private String source(JsonNode energy) {
        JsonNode joules = joules(energy);
        if (isMeasured()) {
            List<String> parts = new ArrayList<>();
            joules.path("parts")
                    .fields()
                    .forEachRemaining(part -> parts.add(
                            part.getKey() + " " + Amounts.joules(part.getValue().asDouble())));
            return "Measured: %s in all (%s), by %s."
                    .formatted(
                            Amounts.joules(joules.path("joules").asDouble()),
                            String.join(", ", parts),
                            joules.path("source").asText());
        }
        return String.format(
                Locale.ROOT,
                "An estimate, %s: %.1f s × %.4g W = %s. Not measured: %s.",
                joules.path("formula").asText(),
                joules.path("processor-seconds").asDouble(),
                joules.path("watts-per-core").asDouble(),
                words(joules.path("joules").asDouble()),
                energy.path("not-measured").asText());
    }

    /** Energy that importance, masks and rounds of a mode took; a dash where nothing is known. */
    String ofTuning(String mode) {
        JsonNode energy = files.mode(mode).path("energy");
        if (energy.isMissingNode()) {
            return Figures.NONE;
        }
        JsonNode stages = joules(energy).path("stages");
        return words(TUNING.stream()
                .mapToDouble(stage -> stages.path(stage).asDouble())
                .sum());
    }

    /** Whether joules were measured; all modes of a run are alike. */
    private boolean isMeasured() {
        return files.result().path("energy").has("measured");
    }

    private JsonNode joules(JsonNode energy) {
        return energy.path(isMeasured() ? "measured" : "estimate");
    }

    private String words(double joules) {
        return (isMeasured() ? "" : "~") + Amounts.joules(joules);
    }
}
