package io.sparkpeft;

import io.sparkpeft.config.choice.Metric;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.console.Console;
import io.sparkpeft.console.RoundLine;
import io.sparkpeft.run.Gate;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.Phase;
import io.sparkpeft.run.Progress;
import io.sparkpeft.run.RoundReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows a run on the console: what is being done, a line for every round, a line for every phase. */
public final class ConsoleProgress implements Progress {
    private final Console console;
    private final Metric metric;

    public ConsoleProgress(Console console, Metric metric) {
        this.console = console;
        this.metric = metric;
    }

    @Override
    public void say(String sentence) {
        console.line(sentence);
    }

    @Override
    public void round(RoundReport report) {
        double left = report.seconds() * (report.rounds() - report.round());
        console.line(new RoundLine(
                        "%s phase %d".formatted(report.mode().key(), report.phase()),
                        report.round(),
                        report.rounds(),
                        report.loss(),
                        report.learningRate(),
                        report.tokens() / report.seconds(),
                        report.bytesDown(),
                        report.bytesUp(),
                        Duration.ofMillis(Math.round(left * 1000)))
                .text());
        console.progress("rounds", report.round(), report.rounds());
    }

    @Override
    public void evaluation(String what, Measurement measured) {
        console.line(what + ": " + words(measured));
    }

    @Override
    public void phase(TrainMode mode, Phase phase, Gate.Verdict verdict) {
        String label = "%s phase %d".formatted(mode.key(), phase.plan().number());
        if (phase.plan().sparsity() > phase.plan().accepted()) {
            console.line("%s pruned: %s".formatted(label, words(phase.pruned())));
        }
        console.line("%s tuned: %s".formatted(label, words(phase.tuned())));
        console.line("%s %s: %s".formatted(label, verdict.accepted() ? "accepted" : "rolled back", verdict.reason()));
    }

    private String words(Measurement measured) {
        List<String> words = new ArrayList<>();
        words.add(String.format(Locale.ROOT, "%s %.4f", metric.key(), measured.value(metric)));
        if (metric != Metric.CROSS_ENTROPY) {
            words.add(String.format(Locale.ROOT, "cross-entropy %.4f", measured.value(Metric.CROSS_ENTROPY)));
        }
        measured.retention()
                .ifPresent(ce -> words.add(String.format(Locale.ROOT, "general text %.4f nats a token", ce)));
        return String.join(", ", words);
    }
}
