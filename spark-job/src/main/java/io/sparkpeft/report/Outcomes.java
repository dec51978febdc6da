package io.sparkpeft.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sparkpeft.report.html.Figures;
import io.sparkpeft.report.html.Html;
import io.sparkpeft.report.html.Table;
import io.sparkpeft.run.Measurement;
import java.util.List;

/** The result beside the model as it came and the baselines, and how each phase ended. */
record Outcomes(RunFiles files) {
    private static final JsonNode NONE = MissingNode.getInstance();

    void compare(Html html) {
        String metric = files.metric();
        Energy energy = new Energy(files);
        Table table = new Table(
                html,
                "CE is cross-entropy on general text in nats a token, ΔCE its rise; sparsity is the share of weights "
                        + "pruned, density the share tuned; energy is that of importance, masks and rounds, ~ an estimate",
                List.of(
                        "",
                        metric + ", dev",
                        metric + ", test",
                        "CE",
                        "ΔCE",
                        "sparsity",
                        "density",
                        "adapter",
                        "time of rounds",
                        "energy"));
        JsonNode before = files.result().path("before");
        table.row("as it came", cells(before, NONE, NONE, Figures.NONE));
        for (String mode : files.modes()) {
            JsonNode outcome = files.mode(mode);
            boolean isResult = mode.equals(files.resultMode());
            table.row(
                    mode + (isResult ? " (this run)" : " (baseline)"),
                    cells(outcome.path("after"), outcome.path("test"), outcome, energy.ofTuning(mode)),
                    isResult ? "result" : "");
        }
        table.end();
        if (files.modes().size() == 1) {
            html.element(
                    "p",
                    "No baseline was run. evaluate.baselines = [dense, random-mask, head-only] has them run and "
                            + "compared in the same job.",
                    "class",
                    "note");
        }
        if (!files.result().path("gate-met").asBoolean()) {
            html.element(
                    "p",
                    "The recipe’s limits are not met: "
                            + files.result().path("gate-failure").asText(),
                    "class",
                    "warning");
        }
    }

    private List<String> cells(JsonNode dev, JsonNode test, JsonNode outcome, String energy) {
        JsonNode exported = outcome.path("exported");
        return List.of(
                Figures.decimal(dev.path(files.metric())),
                Figures.decimal(test.path(files.metric())),
                Figures.decimal(dev.path(Measurement.RETENTION)),
                Figures.difference(outcome.path("delta-ce")),
                Figures.share(exported.path("sparsity")),
                Figures.share(exported.path("density")),
                Figures.bytes(exported.path("adapter-bytes")),
                Figures.time(outcome.path("seconds")),
                energy);
    }

    void phases(Html html) {
        String metric = files.metric();
        Table table = new Table(
                html,
                "A phase prunes, chooses the weights to tune, and tunes them; then it is kept or rolled back",
                List.of("phase", "sparsity", metric + " right after pruning", metric + " after tuning", "decision"));
        for (String mode : files.modes()) {
            for (JsonNode phase : files.mode(mode).path("phases")) {
                String decision = phase.path("accepted").asBoolean() ? "accepted" : "rolled back";
                table.row(
                        mode + " " + phase.path("number").asInt(),
                        List.of(
                                Figures.share(phase.path("sparsity")),
                                Figures.decimal(phase.path("pruned").path(metric)),
                                Figures.decimal(phase.path("tuned").path(metric)),
                                decision + ": " + phase.path("reason").asText()));
            }
        }
        table.end();
        html.element(
                "p",
                "Ended: " + files.mode(files.resultMode()).path("stop-reason").asText());
    }
}
