package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.command.NetworkProgram;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.console.Console;
import io.sparkpeft.console.TextTable;
import io.sparkpeft.dl4j.finetune.NetworkOutcome.Accuracy;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.dl4j.network.NetworkOptimizer;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.spark.OwnSession;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.Storage;
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
        console.line("result: %s/%s", recipe.outputDirectory(), NetworkRun.MODEL);
    }

    @Override
    public void fineTune(Recipe recipe, boolean startAnew, Console console) {
        NetworkRecipe plan = NetworkRecipe.of(recipe);
        // A wrong zip is told before Spark starts.
        NetworkZip zip = NetworkZip.open(recipe.model().path(), configuration());
        NetworkOptimizer.of(NetworkLayout.of(zip.network(), List.of()));
        try (OwnSession own = OwnSession.start("sparkpeft " + recipe.name())) {
            SparkSession session = own.session();
            RunDirectory directory = RunDirectory.open(
                    recipe,
                    session.sparkContext().hadoopConfiguration(),
                    session.sparkContext().applicationId(),
                    startAnew);
            NetworkRun.Result result = new NetworkRun(plan, session, directory, console).run();
            console.table(table(result));
            console.line("all of it is in " + recipe.outputDirectory());
            if (!result.gateMet()) {
                throw new JobException(
                        FailureKind.GATE,
                        "Cannot pass the gate: dev accuracy is below evaluate.gate.metric = %s"
                                .formatted(recipe.evaluate().gate().metric().getAsDouble()));
            }
        }
    }

    @Override
    public void sample(String directory, Console console) {
        SampleNetwork.write(Storage.at(directory, configuration()));
        console.line("wrote the sample network and its tables to " + directory);
    }

    private static Configuration configuration() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }

    private static TextTable table(NetworkRun.Result result) {
        TextTable table = new TextTable("", "accuracy dev", "accuracy test", "sparsity", "density", "tuned");
        row(table, "before", result.before(), "", "", "");
        for (NetworkOutcome mode : result.modes()) {
            String name = Names.value(mode.mode());
            String sparsity = percent(mode.sparsity());
            mode.pruned().ifPresent(pruned -> row(table, name + ", pruned", pruned, sparsity, "", ""));
            String tuned = String.format(Locale.ROOT, "%,d", mode.tunedWeights());
            row(table, name + ", tuned", mode.tuned(), sparsity, percent(mode.density()), tuned);
        }
        return table;
    }

    private static void row(
            TextTable table, String name, Accuracy accuracy, String sparsity, String density, String tuned) {
        table.row(
                name,
                share(accuracy.dev()),
                accuracy.test().map(NetworkFineTuning::share).orElse(""),
                sparsity,
                density,
                tuned);
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.4f", share);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.3g %%", 100 * share);
    }
}
