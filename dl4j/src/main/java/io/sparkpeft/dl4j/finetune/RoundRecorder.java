package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.dl4j.round.RoundDone;
import io.sparkpeft.dl4j.round.RoundListener;
import io.sparkpeft.run.RoundReport;

/** Writes down and shows what every round came to. */
record RoundRecorder(TrainMode mode, NetworkRun.Watchers watchers) implements RoundListener {
    /** Tokens of a round: a network has none. */
    private static final long NO_TOKENS = 0;

    @Override
    public void round(RoundDone done) {
        RoundReport report = new RoundReport(
                mode,
                1,
                done.round().number(),
                done.rounds(),
                done.tally().meanLoss(),
                done.rate(),
                done.tally().examples(),
                NO_TOKENS,
                done.seconds(),
                done.bytes().down(),
                done.bytes().up());
        watchers.recorder().round(report);
        watchers.progress().round(report);
        watchers.recorder().flush();
    }

    /** Stages are timed by the run's profile. */
    @Override
    public void timed(String name, long began, long milliseconds) {}

    /** Nothing to note. */
    @Override
    public void epochStarts() {}

    /** Nothing to note. */
    @Override
    public void epochEnds() {}
}
