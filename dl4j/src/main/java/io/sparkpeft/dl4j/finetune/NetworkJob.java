package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.spark.JobDescription;
import io.sparkpeft.energy.EnergyMeter;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.metrics.RunGauges;
import io.sparkpeft.profile.RunProfile;
import io.sparkpeft.report.ReportPage;
import io.sparkpeft.run.Progress;
import io.sparkpeft.run.Recorder;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.store.RunDirectory;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** A recipe of a network from start to end: what is around the run is as around that of a language model. */
final class NetworkJob {
    private final NetworkRecipe plan;
    private final Recipe recipe;
    private final SparkSession session;
    private final Progress progress;

    NetworkJob(NetworkRecipe plan, SparkSession session, Progress progress) {
        this.plan = plan;
        this.recipe = plan.recipe();
        this.session = session;
        this.progress = progress;
    }

    /** @throws JobException if it cannot be run as asked */
    NetworkResult run(boolean startAnew) {
        SparkContext context = session.sparkContext();
        RunDirectory directory =
                RunDirectory.open(recipe, context.hadoopConfiguration(), context.applicationId(), startAnew);
        String group = "%s (%s)".formatted(recipe.name(), directory.uri());
        return JobDescription.inGroup(context, group, () -> run(directory));
    }

    private NetworkResult run(RunDirectory directory) {
        RunGauges.clear();
        try (EnergyMeter energy = EnergyMeter.start(session.sparkContext(), RunProfile.beginning())) {
            return run(directory, RunProfile.off().with(energy));
        }
    }

    private NetworkResult run(RunDirectory directory, RunProfile profile) {
        long began = System.nanoTime();
        Recorder recorder = new Recorder(directory.metrics(), profile, directory.epoch());
        NetworkResult result;
        try (Cluster cluster = new Cluster(session, profile)) {
            result = new NetworkRun(plan, cluster, directory, new NetworkRun.Watchers(recorder, progress)).run();
            // All that Spark told of tasks has arrived then.
            cluster.traffic().totals();
        }
        recorder.flush();
        directory.writeResult(result.values(
                (System.nanoTime() - began) / 1e9,
                recorder.secondsByStage(),
                recorder.energy(recipe.output().wattsPerCore())));
        progress.say(ReportPage.writeOrSayWhyNot(directory));
        directory.finish(result.gateFailure().isEmpty());
        return result;
    }
}
