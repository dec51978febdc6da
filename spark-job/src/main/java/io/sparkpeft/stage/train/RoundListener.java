package io.sparkpeft.stage.train;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.Recorder;
import io.sparkpeft.run.RoundReport;
import io.sparkpeft.run.RunContext;
import io.sparkpeft.spark.model.WeightsInUse;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.stage.evaluate.EvaluateModel;
import java.util.function.Consumer;
import org.apache.spark.broadcast.Broadcast;

/** Writes down and shows what every round came to, and measures the model every so many rounds. */
public final class RoundListener implements Consumer<TrainRounds.Done> {
    private final RunContext run;
    private final Recipe recipe;
    private final int phase;
    private final TrainRounds.Job job;
    private final EvaluateModel evaluator;

    public RoundListener(RunContext run, Recipe recipe, int phase, TrainRounds.Job job, EvaluateModel evaluator) {
        this.run = run;
        this.recipe = recipe;
        this.phase = phase;
        this.job = job;
        this.evaluator = evaluator;
    }

    @Override
    public void accept(TrainRounds.Done done) {
        RoundReport report = new RoundReport(
                recipe.train().mode(),
                phase,
                done.round().number(),
                done.rounds(),
                done.tally().meanLoss(),
                done.rate(),
                done.tally().examples(),
                done.tally().units(),
                done.seconds(),
                done.bytes().down(),
                done.bytes().up());
        run.recorder().round(report);
        run.progress().round(report);
        int every = recipe.evaluate().everyRounds();
        if (every > 0 && done.round().number() % every == 0) {
            measure(done);
        }
        run.recorder().flush();
    }

    private void measure(TrainRounds.Done done) {
        Broadcast<byte[]> message = run.cluster()
                .context()
                .broadcast(RoundStart.message(done.state().values(), OptimizerState.none()));
        Measurement measured;
        try {
            WeightsInUse weights = WeightsInUse.of(job.state(), done.state().updateMask(), message);
            measured = evaluator.measure(weights, RunData.DEV);
        } finally {
            message.destroy();
        }
        String mode = recipe.train().mode().key();
        int round = done.round().number();
        run.recorder().evaluation(new Recorder.Evaluated(mode, phase, round, "round", RunData.DEV), measured);
        run.progress().evaluation("%s/round-%d".formatted(job.name(), round), measured);
    }
}
