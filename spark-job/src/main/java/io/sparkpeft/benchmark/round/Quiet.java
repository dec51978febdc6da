package io.sparkpeft.benchmark.round;

import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.run.Gate;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.Phase;
import io.sparkpeft.run.Progress;
import io.sparkpeft.run.RoundReport;

/** Shows nothing, so that the terminal is not measured. */
final class Quiet implements Progress {
    @Override
    public void say(String sentence) {}

    @Override
    public void round(RoundReport report) {}

    @Override
    public void evaluation(String what, Measurement measured) {}

    @Override
    public void phase(TrainMode mode, Phase phase, Gate.Verdict verdict) {}
}
