package io.sparkpeft.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.report.html.Figures;
import io.sparkpeft.report.html.Html;
import java.util.ArrayList;
import java.util.List;

/** What a reader wants to know first, in a handful of numbers. */
record KeyFigures(RunFiles files, Traffic traffic) {
    void write(Html html) {
        JsonNode mode = files.mode(files.resultMode());
        JsonNode exported = mode.path("exported");
        html.open("ul", "class", "figures", "id", "figures");
        figure(
                html,
                files.metric() + " on dev",
                Figures.decimal(mode.path("after").path(files.metric())),
                besides(
                        "before "
                                + Figures.decimal(files.result().path("before").path(files.metric())),
                        "after"));
        if (mode.has("test")) {
            figure(
                    html,
                    files.metric() + " on test",
                    Figures.decimal(mode.path("test").path(files.metric())),
                    besides("", "test"));
        }
        figure(
                html,
                "weights tuned",
                Figures.share(exported.path("density")),
                "%s of %s, the task head included"
                        .formatted(
                                Figures.whole(exported.path("tuned-weights")),
                                Figures.whole(exported.path("weights"))));
        figure(
                html,
                "weights pruned",
                Figures.share(exported.path("sparsity")),
                Figures.whole(exported.path("pruned-weights")) + " are exactly 0");
        if (mode.has("delta-ce")) {
            figure(
                    html,
                    "rise of cross-entropy on general text, nats a token",
                    Figures.difference(mode.path("delta-ce")),
                    knowledge());
        }
        figure(
                html,
                "bytes of a round, down and up, for each shard",
                Amounts.bytes(Math.round(traffic.measured(files.resultMode()))),
                "%s times less than dense averaging"
                        .formatted(Figures.times(traffic.dense(), traffic.measured(files.resultMode()))));
        figure(
                html,
                "size of the adapter",
                Figures.bytes(exported.path("adapter-bytes")),
                exported.path("model-bytes").asLong() > 0
                        ? "the whole model has " + Figures.bytes(exported.path("model-bytes"))
                        : "");
        html.close("ul");
    }

    private static void figure(Html html, String name, String value, String note) {
        html.open("li").element("span", name, "class", "name").element("strong", value);
        html.element("span", note, "class", "note").close("li");
    }

    /** The deciding metric of the baselines, in one line. */
    private String besides(String first, String measurement) {
        List<String> words = new ArrayList<>();
        if (!first.isEmpty()) {
            words.add(first);
        }
        for (String other : files.modes().subList(1, files.modes().size())) {
            JsonNode value = files.mode(other).path(measurement).path(files.metric());
            if (value.isNumber()) {
                words.add(other + " " + Figures.decimal(value));
            }
        }
        return String.join(" · ", words);
    }

    private String knowledge() {
        List<String> words = new ArrayList<>();
        for (String other : files.modes().subList(1, files.modes().size())) {
            if (files.mode(other).has("delta-ce")) {
                words.add(other + " " + Figures.difference(files.mode(other).path("delta-ce")));
            }
        }
        return words.isEmpty() ? "0: nothing was forgotten" : String.join(" · ", words);
    }
}
