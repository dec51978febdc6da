package io.sparkpeft.ml;

import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.run.Gate;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.Phase;
import io.sparkpeft.run.Progress;
import io.sparkpeft.run.RoundReport;
import java.util.TreeMap;
import org.slf4j.Logger;

/** Writes what a run does to the log of the estimator, where the other estimators of Spark write theirs. */
final class LogProgress implements Progress {
    private final Logger log;

    LogProgress(Logger log) {
        this.log = log;
    }

    @Override
    public void say(String sentence) {
        log.info(sentence);
    }

    @Override
    public void round(RoundReport report) {
        log.info(
                "{} phase {}: round {} of {}, loss {}",
                report.mode().key(),
                report.phase(),
                report.round(),
                report.rounds(),
                report.loss());
    }

    @Override
    public void evaluation(String what, Measurement measured) {
        log.info("{}: {}", what, new TreeMap<>(measured.values()));
    }

    @Override
    public void phase(TrainMode mode, Phase phase, Gate.Verdict verdict) {
        log.info(
                "{} phase {} {}: {}",
                mode.key(),
                phase.plan().number(),
                verdict.accepted() ? "accepted" : "rolled back",
                verdict.reason());
    }
}
