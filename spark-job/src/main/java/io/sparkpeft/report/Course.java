package io.sparkpeft.report;

import io.sparkpeft.report.html.Html;
import io.sparkpeft.report.html.Section;
import io.sparkpeft.run.Measurement;
import java.util.ArrayList;
import java.util.List;

/** How loss, metric and what the model knows went, round by round and phase by phase. */
final class Course {
    private final LineChart loss = new LineChart("chart-loss", "training loss, nats a target");
    private final LineChart metric;
    private final String unmeasured;
    private final LineChart retention = new LineChart("chart-retention", "cross-entropy, nats a token");

    Course(RunFiles files) {
        this.unmeasured = files.isNetwork()
                ? "Not measured: a DL4J network has no pre-training objective."
                : "Not measured: the recipe names no general text (evaluate.retention.paths).";
        this.metric = new LineChart("chart-metric", files.metric() + " on dev");
        List<Integer> boundaries = Curves.of(files, files.resultMode()).boundaries();
        for (String mode : files.modes()) {
            Curves curves = Curves.of(files, mode);
            loss.add(mode, curves.ofRounds("loss"));
            metric.add(mode, curves.ofEvaluations(files.metric()));
            retention.add(mode, curves.ofEvaluations(Measurement.RETENTION));
        }
        List.of(loss, metric, retention).forEach(chart -> chart.mark(boundaries));
    }

    List<LineChart> charts() {
        List<LineChart> charts = new ArrayList<>(List.of(loss, metric));
        if (!retention.isEmpty()) {
            charts.add(retention);
        }
        return charts;
    }

    List<Section> sections() {
        return List.of(
                new Section("loss", "Training loss", html -> {
                    explain(html, "The mean over a round’s targets, each before the step that it goes into.");
                    loss.write(html);
                }),
                new Section("metric", "Quality on the task", html -> {
                    explain(html, "Where a curve falls straight down, weights were pruned; tuning brings it back.");
                    metric.write(html);
                }),
                new Section("retention", "What the model still knows", html -> {
                    if (retention.isEmpty()) {
                        explain(html, unmeasured);
                        return;
                    }
                    explain(
                            html,
                            "Cross-entropy of the pre-training objective on general text that nothing was "
                                    + "trained or scored on. Lower is better; a rise is knowledge lost.");
                    retention.write(html);
                }));
    }

    private static void explain(Html html, String text) {
        html.element("p", text);
    }
}
