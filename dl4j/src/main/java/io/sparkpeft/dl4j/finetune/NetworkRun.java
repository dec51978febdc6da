package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.TrainMode;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.console.Console;
import io.sparkpeft.dl4j.MaskedAveragingTrainingMaster;
import io.sparkpeft.dl4j.finetune.NetworkOutcome.Accuracy;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * A network from zip to zip: importance, masks, masked rounds, evaluation; the baselines before it, each from the same
 * network with the same examples and steps.
 */
final class NetworkRun {
    /** In the run directory: the tuned network. */
    static final String MODEL = RunDirectory.MODEL + "/network.zip";

    private final NetworkRecipe plan;
    private final Recipe recipe;
    private final JavaSparkContext context;
    private final SparkSession session;
    private final RunDirectory directory;
    private final Console console;

    NetworkRun(NetworkRecipe plan, SparkSession session, RunDirectory directory, Console console) {
        this.plan = plan;
        this.recipe = plan.recipe();
        this.session = session;
        this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.directory = directory;
        this.console = console;
    }

    /**
     * What a run came to.
     *
     * @param before accuracy of the network as it was
     * @param modes the baselines, then the recipe's own
     * @param gateMet whether dev accuracy is what the recipe wants
     */
    record Result(Accuracy before, List<NetworkOutcome> modes, boolean gateMet) {}

    Result run() {
        NetworkZip zip = NetworkZip.open(recipe.model().path(), context.hadoopConfiguration());
        NetworkData.Shape shape = NetworkShape.of(zip.network(), recipe.model().path());
        NetworkData data = NetworkData.read(session, recipe, shape);
        if (data.unusable() > 0) {
            console.line("left out %d rows that cannot be used", data.unusable());
        }
        Accuracy before = accuracy(zip.network(), plan.master(TrainMode.DENSE, ""), data);
        console.line("before: accuracy %.4f on dev", before.dev());
        List<NetworkOutcome> outcomes = new ArrayList<>();
        for (TrainMode mode : plan.modes()) {
            outcomes.add(tune(mode, zip, data, mode == recipe.train().mode()));
        }
        OptionalDouble wanted = recipe.evaluate().gate().metric();
        NetworkOutcome own = outcomes.get(outcomes.size() - 1);
        boolean gateMet = wanted.isEmpty() || own.tuned().dev() >= wanted.getAsDouble();
        Result result = new Result(before, outcomes, gateMet);
        directory.writeResult(json(result, data));
        directory.finish(gateMet);
        return result;
    }

    private NetworkOutcome tune(TrainMode mode, NetworkZip zip, NetworkData data, boolean own) {
        MaskedAveragingTrainingMaster master =
                plan.master(mode, directory.uri(RunDirectory.CHECKPOINTS + "/" + Names.value(mode)));
        Network network = zip.network();
        SparkNetwork.of(context, network, master).fit(data.train());
        Masks masks = master.masks().orElseThrow();
        masks.require(zip.network(), network);
        Optional<Accuracy> pruned = Optional.empty();
        if (master.settings().masks().sparsity() > 0) {
            Network cut = zip.network();
            masks.prune(cut);
            pruned = Optional.of(accuracy(cut, master, data));
        }
        NetworkOutcome outcome = new NetworkOutcome(mode, pruned, accuracy(network, master, data), masks);
        console.line(
                "%s: accuracy %.4f on dev, %,d weights tuned, %,d pruned",
                Names.value(mode), outcome.tuned().dev(), outcome.tunedWeights(), outcome.zeros());
        if (own) {
            directory.requireOwnership();
            directory.storage().replace(MODEL, NetworkZip.bytes(network));
        }
        return outcome;
    }

    private Accuracy accuracy(Network network, MaskedAveragingTrainingMaster master, NetworkData data) {
        SparkNetwork measured = SparkNetwork.of(context, network, master);
        return new Accuracy(measured.accuracy(data.dev()), data.test().map(measured::accuracy));
    }

    private Map<String, Object> json(Result result, NetworkData data) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", recipe.name());
        json.put("kind", "dl4j-network");
        json.put("program", Versions.program());
        json.put("commit", Versions.commit());
        json.put("labels", data.labels());
        json.put("rows-left-out", data.unusable());
        json.put("accuracy-before", result.before().json());
        json.put("modes", result.modes().stream().map(NetworkOutcome::json).toList());
        json.put("gate-met", result.gateMet());
        json.put("model", MODEL);
        return json;
    }
}
