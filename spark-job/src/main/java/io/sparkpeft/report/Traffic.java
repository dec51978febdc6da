package io.sparkpeft.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkpeft.config.TrainRecipe;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.report.html.Bars;
import io.sparkpeft.report.html.Html;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Bytes that a round moves, beside those of averaging all weights. */
record Traffic(RunFiles files) {
    private static final String DENSE = "dense";

    /** Bytes that a round moved down to and up from each shard in a mode, the mean over its rounds. */
    double measured(String mode) {
        return mean(mode, row -> row.path("bytes-down").asDouble())
                + mean(mode, row -> row.path("bytes-up").asDouble());
    }

    /** The same of averaging all weights: measured where the dense baseline was run, else 2·weights·bytes of a weight. */
    double dense() {
        return files.modes().contains(DENSE) ? measured(DENSE) : 2 * denseBytes();
    }

    void write(Html html) {
        html.element(
                "p",
                "What Spark measured of a round for one shard, the mean over all rounds: down is the broadcast of the "
                        + "tuned values, up the result of a shard's task.");
        Bars bars = new Bars();
        for (String mode : files.modes()) {
            double down = mean(mode, row -> row.path("bytes-down").asDouble());
            double up = mean(mode, row -> row.path("bytes-up").asDouble());
            bars.add(mode + ", down", down, Amounts.bytes(Math.round(down)), "measured");
            bars.add(mode + ", up", up, Amounts.bytes(Math.round(up)), "measured");
        }
        if (!files.modes().contains(DENSE)) {
            double one = denseBytes();
            String formula = String.format(
                    Locale.ROOT,
                    "computed: %,.0f weights × %d B%s",
                    denseBytes() / bytesOfWeight(),
                    bytesOfWeight(),
                    moments().areAveraged() ? " (value and Adam’s two moments)" : "");
            bars.add("dense averaging, down", one, Amounts.bytes(Math.round(one)), formula);
            bars.add("dense averaging, up", one, Amounts.bytes(Math.round(one)), formula);
        }
        bars.write(html, "Bytes of a round for one shard");
    }

    private double denseBytes() {
        JsonNode exported = files.mode(files.resultMode()).path("exported");
        return exported.path("weights").asDouble() * bytesOfWeight();
    }

    private int bytesOfWeight() {
        return Float.BYTES + moments().bytes();
    }

    private TrainRecipe.Moments moments() {
        return files.recipe().train().moments();
    }

    private double mean(String mode, ToDoubleFunction<JsonNode> bytes) {
        List<JsonNode> rounds = files.metrics("round", mode).toList();
        return rounds.stream().mapToDouble(bytes).average().orElse(0);
    }
}
