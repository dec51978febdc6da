package io.sparkpeft;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.spark.JobDescription;
import io.sparkpeft.energy.EnergyMeter;
import io.sparkpeft.energy.EnergyTotals;
import io.sparkpeft.metrics.RunGauges;
import io.sparkpeft.profile.ProfileTable;
import io.sparkpeft.profile.RunProfile;
import io.sparkpeft.profile.RunTimes;
import io.sparkpeft.report.ReportPage;
import io.sparkpeft.run.Outcome;
import io.sparkpeft.run.Progress;
import io.sparkpeft.run.Recorder;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.resource.Computation;
import io.sparkpeft.stage.OpenRun;
import io.sparkpeft.stage.Stages;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.RunState;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A recipe from start to end: takes the run directory, runs the method or goes on with it, writes the result, and says
 * last that it is done. A run that is done already is left as it is.
 */
public final class FineTuningJob {
    private final Recipe recipe;
    private final SparkSession session;
    private final Progress progress;

    public FineTuningJob(Recipe recipe, SparkSession session, Progress progress) {
        this.recipe = Computation.settle(recipe, session.sparkContext().conf());
        this.session = session;
        this.progress = progress;
    }

    /**
     * Runs the job.
     *
     * @param startAnew whether to delete an earlier run in the recipe's directory
     * @throws io.sparkpeft.failure.JobException if it cannot be run as asked
     */
    public JobResult run(boolean startAnew) {
        Configuration configuration = session.sparkContext().hadoopConfiguration();
        RunState found = startAnew ? RunState.NEW : RunDirectory.state(recipe, configuration);
        if (found.isFinished()) {
            progress.say("nothing to do: %s holds this recipe's finished run".formatted(recipe.outputDirectory()));
            return JobResult.finishedEarlier(recipe, found == RunState.DONE);
        }
        RunDirectory directory =
                RunDirectory.open(recipe, configuration, session.sparkContext().applicationId(), startAnew);
        String group = "%s (%s)".formatted(recipe.name(), directory.uri());
        return JobDescription.inGroup(session.sparkContext(), group, () -> run(directory, found));
    }

    private JobResult run(RunDirectory directory, RunState found) {
        if (found == RunState.INTERRUPTED) {
            progress.say("going on with the interrupted run in %s".formatted(directory.uri()));
        }
        RunGauges.clear();
        try (EnergyMeter energy = EnergyMeter.start(session.sparkContext(), RunProfile.beginning())) {
            RunProfile profile = recipe.output().profile() ? RunProfile.on(session.sparkContext()) : RunProfile.off();
            return run(directory, profile.with(energy));
        }
    }

    private JobResult run(RunDirectory directory, RunProfile profile) {
        long began = System.nanoTime();
        List<Outcome> outcomes;
        try (Cluster cluster = new Cluster(session, profile)) {
            Stages stages = new OpenRun(recipe, cluster, directory, progress).open();
            outcomes = new FineTuningRun(recipe, stages).run();
            // All that Spark told of tasks has arrived then.
            cluster.traffic().totals();
        }
        Recorder recorder = new Recorder(directory.metrics(), profile, directory.epoch());
        recorder.flush();
        double seconds = (System.nanoTime() - began) / 1e9;
        EnergyTotals energy = recorder.energy(recipe.output().wattsPerCore());
        JobResult result = JobResult.of(recipe, outcomes, seconds, recorder.secondsByStage(), energy);
        if (profile.isOn()) {
            RunTimes times = profile.times();
            directory.writeProfile(times.values());
            new ProfileTable(times).lines().forEach(progress::say);
        }
        directory.writeResult(result.values());
        progress.say(ReportPage.writeOrSayWhyNot(directory));
        directory.finish(result.isGateMet());
        return result;
    }
}
