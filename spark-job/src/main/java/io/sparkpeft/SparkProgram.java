package io.sparkpeft;

import io.sparkpeft.command.ModelChoice;
import io.sparkpeft.command.PredictRequest;
import io.sparkpeft.command.Program;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Console;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.plan.RunPlan;
import io.sparkpeft.predict.PredictChosen;
import io.sparkpeft.score.EvaluateChosen;
import io.sparkpeft.score.MeasurementTable;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.OwnSession;
import io.sparkpeft.spark.resource.Computation;
import io.sparkpeft.spark.resource.LocalMaster;
import io.sparkpeft.stage.data.DataReport;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.stage.data.PrepareData;
import io.sparkpeft.stage.data.RunData;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/** Does on Spark what the command line asks for. */
public final class SparkProgram implements Program {
    @Override
    public void fineTune(Recipe recipe, boolean startAnew, Console console) {
        onSpark(recipe, session -> {
            JobResult result =
                    new FineTuningJob(recipe, session, new ConsoleProgress(console, recipe.metric())).run(startAnew);
            if (!result.isFinishedEarlier()) {
                console.line("finished: " + result.outcome().stopReason());
                console.table(new ResultTable(result).table());
                String note = EnergyText.note(result);
                if (!note.isEmpty()) {
                    console.line(note);
                }
                console.line("all of it is in " + recipe.outputDirectory());
            }
            if (!result.isGateMet()) {
                throw new JobException(FailureKind.GATE, "Cannot pass the gate: " + result.gateFailure());
            }
        });
    }

    @Override
    public void prepare(Recipe recipe, Console console) {
        if (recipe.data().cache().isEmpty()) {
            throw JobException.config(
                    "Cannot prepare data: data.cache is empty; it names the directory of shards that runs share");
        }
        onSpark(recipe, session -> {
            ModelInputs inputs = ModelInputs.read(recipe, session.sparkContext().hadoopConfiguration());
            RunData data = new PrepareData(
                            recipe, session, inputs.tokenizer(), recipe.data().cache())
                    .run(inputs.pretraining(), inputs.maxLength());
            DataReport.sentences(data).forEach(console::line);
        });
    }

    @Override
    public void plan(Recipe recipe, Console console) {
        // No session: a plan needs no executors.
        SparkConf conf = new SparkConf();
        Recipe settled = Computation.settle(recipe, conf);
        Computation.of(settled.model()).require(LocalMaster.isIn(conf));
        Configuration configuration = SparkHadoopUtil.get().newConfiguration(conf);
        RunPlan.of(settled, conf, configuration).lines().forEach(console::line);
    }

    @Override
    public void evaluate(Recipe recipe, ModelChoice choice, Console console) {
        onSpark(recipe, session -> {
            try (Cluster cluster = new Cluster(session)) {
                EvaluateChosen evaluation = new EvaluateChosen(recipe, cluster, console::line);
                console.table(MeasurementTable.of(evaluation.run(choice)));
            }
        });
    }

    @Override
    public void predict(Recipe recipe, ModelChoice choice, PredictRequest request, Console console) {
        onSpark(recipe, session -> {
            try (Cluster cluster = new Cluster(session)) {
                new PredictChosen(recipe, cluster, console::line).run(choice, request);
            }
        });
    }

    private static void onSpark(Recipe recipe, Consumer<SparkSession> work) {
        try (OwnSession spark = OwnSession.start("sparkpeft " + recipe.name())) {
            spark.work(work);
        }
    }
}
