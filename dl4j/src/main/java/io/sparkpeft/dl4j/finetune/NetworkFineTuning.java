package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.ConsoleProgress;
import io.sparkpeft.command.NetworkProgram;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.config.choice.Metric;
import io.sparkpeft.console.Console;
import io.sparkpeft.console.TextTable;
import io.sparkpeft.datasets.sample.SampleLayout;
import io.sparkpeft.dl4j.finetune.table.NetworkData;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.dl4j.network.NetworkOptimizer;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.run.Exported;
import io.sparkpeft.spark.OwnSession;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/** Fine-tunes what DL4J's ModelSerializer wrote, with tables of features and labels. */
public final class NetworkFineTuning implements NetworkProgram {
    @Override
    public void plan(Recipe recipe, Console console) {
        NetworkRecipe plan = NetworkRecipe.of(recipe);
        Network network =
                NetworkZip.open(recipe.model().path(), configuration()).network();
        NetworkData.Shape shape = NetworkShape.of(network, recipe.model().path());
        NetworkLayout layout = NetworkLayout.of(network, List.of());
        NetworkOptimizer.of(layout);
        console.line(
                "network: %,d weights, %d inputs, %d classes", layout.layout().size(), shape.inputs(), shape.outputs());
        console.line(
                "modes: %s, %d shards each, %.0f epochs",
                String.join(", ", plan.modes().stream().map(Names::value).toList()),
                recipe.data().shards(),
                recipe.train().epochs());
        console.line("result: %s/%s", recipe.outputDirectory(), RunDirectory.MODEL + "/" + NetworkExport.MODEL);
    }

    @Override
    public void fineTune(Recipe recipe, boolean startAnew, Console console) {
        NetworkRecipe plan = NetworkRecipe.of(recipe);
        // A wrong zip is told before Spark starts.
        NetworkZip zip = NetworkZip.open(recipe.model().path(), configuration());
        NetworkOptimizer.of(NetworkLayout.of(zip.network(), List.of()));
        try (OwnSession own = OwnSession.start("sparkpeft " + recipe.name())) {
            own.work(session -> fineTune(plan, session, startAnew, console));
        }
    }

    private static void fineTune(NetworkRecipe plan, SparkSession session, boolean startAnew, Console console) {
        Recipe recipe = plan.recipe();
        NetworkResult result =
                new NetworkJob(plan, session, new ConsoleProgress(console, recipe.metric())).run(startAnew);
        console.table(table(result));
        console.line("all of it is in " + recipe.outputDirectory());
        if (!result.gateFailure().isEmpty()) {
            throw new JobException(FailureKind.GATE, "Cannot pass the gate: " + result.gateFailure());
        }
    }

    @Override
    public void sample(String directory, Console console) {
        SampleNetwork.write(Storage.at(directory, configuration()));
        console.line("wrote the sample network and its tables to " + directory);
    }

    @Override
    public SampleLayout samples() {
        return SampleNetwork.LAYOUT;
    }

    private static Configuration configuration() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }

    private static TextTable table(NetworkResult result) {
        Metric metric = result.recipe().metric();
        TextTable table =
                new TextTable("", metric.key() + " dev", metric.key() + " test", "sparsity", "density", "tuned");
        table.row("before", decimal(result.before().value(metric)), "", "", "", "");
        for (NetworkOutcome mode : result.modes()) {
            Exported exported = mode.exported();
            String sparsity = percent(exported.pruned(), exported.body());
            if (mode.sparsity() > 0) {
                String pruned = decimal(mode.pruned().value(metric));
                table.row(mode.mode().key() + ", pruned", pruned, "", sparsity, "", "");
            }
            table.row(
                    mode.mode().key() + ", tuned",
                    decimal(mode.tuned().value(metric)),
                    mode.test().map(test -> decimal(test.value(metric))).orElse(""),
                    sparsity,
                    percent(exported.tunedBody(), exported.body()),
                    String.format(Locale.ROOT, "%,d", exported.tuned()));
        }
        return table;
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.3g %%", 100.0 * part / whole);
    }
}
