package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.config.file.RecipeKeys;
import io.sparkpeft.dl4j.data.Examples;
import io.sparkpeft.dl4j.finetune.table.NetworkData;
import io.sparkpeft.dl4j.network.FlatWeights;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.dl4j.replica.EvaluateNetwork;
import io.sparkpeft.dl4j.round.MaskedRounds;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.run.Exported;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.Progress;
import io.sparkpeft.run.Recorder;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.RunManifest;
import io.sparkpeft.store.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A network from zip to zip: importance, masks, masked rounds, evaluation; the baselines before it, each from the same
 * network with the same examples and steps.
 */
final class NetworkRun {
    private static final String DEV = "dev";
    private static final String TEST = "test";

    private final NetworkRecipe plan;
    private final Recipe recipe;
    private final Cluster cluster;
    private final RunDirectory directory;
    private final Watchers watchers;
    private final EvaluateNetwork evaluator;

    NetworkRun(NetworkRecipe plan, Cluster cluster, RunDirectory directory, Watchers watchers) {
        this.plan = plan;
        this.recipe = plan.recipe();
        this.cluster = cluster;
        this.directory = directory;
        this.watchers = watchers;
        this.evaluator = new EvaluateNetwork(cluster);
    }

    /** Who is told of what is measured. */
    record Watchers(Recorder recorder, Progress progress) {}

    NetworkResult run() {
        NetworkZip zip = NetworkZip.open(recipe.model().path(), cluster.hadoopConfiguration());
        NetworkData.Shape shape = NetworkShape.of(zip.network(), recipe.model().path());
        NetworkData data =
                cluster.profile().stage(Stage.DATA, () -> NetworkData.read(cluster.session(), recipe, shape));
        if (data.unusable() > 0) {
            watchers.progress().say("left out %d rows that cannot be used".formatted(data.unusable()));
        }
        directory.writeManifest(manifest(zip.network(), data));
        Measurement before = measure(
                new Recorder.Evaluated(recipe.train().mode().key(), 0, 0, "before", DEV), zip.network(), data.dev());
        List<NetworkOutcome> outcomes = new ArrayList<>();
        for (TrainMode mode : plan.modes()) {
            outcomes.add(cluster.profile().mode(mode.key(), () -> tune(mode, zip, data, before)));
        }
        return new NetworkResult(recipe, before, outcomes, data.unusable());
    }

    private RunManifest manifest(Network network, NetworkData data) {
        NetworkLayout layout = NetworkLayout.of(network, List.of());
        return new RunManifest(
                recipe.name(),
                RecipeKeys.hash(recipe),
                recipe.seed(),
                FlatWeights.split(layout.layout(), network.weights()).fingerprint(),
                "",
                data.digests(),
                Versions.all("DL4J"),
                Versions.settings(cluster.context().getConf()));
    }

    private NetworkOutcome tune(TrainMode mode, NetworkZip zip, NetworkData data, Measurement before) {
        MaskedAveragingSettings settings =
                plan.settings(mode, directory.uri(RunDirectory.CHECKPOINTS + "/" + mode.key()));
        Network network = zip.network();
        Masks masks;
        try (Examples examples = Examples.of(cluster, data.train().map(DataSet::toMultiDataSet), settings.training())) {
            masks = new MaskedRounds(cluster, settings, network, new RoundRecorder(mode, watchers))
                    .fit(examples, Optional.empty())
                    .masks();
        }
        network.setEpoch(network.epoch() + 1);
        Measurement pruned = before;
        if (settings.masks().sparsity() > 0) {
            Network cut = zip.network();
            masks.prune(cut);
            pruned = measure(new Recorder.Evaluated(mode.key(), 1, 0, "pruned", DEV), cut, data.dev());
        }
        Measurement tuned = measure(new Recorder.Evaluated(mode.key(), 1, 0, "tuned", DEV), network, data.dev());
        Optional<Measurement> test = data.test()
                .map(rows -> measure(new Recorder.Evaluated(mode.key(), 0, 0, "final", TEST), network, rows));
        Exported exported = cluster.profile().stage(Stage.EXPORT, () -> new NetworkExport(directory, zip, masks)
                .export(network, recipe, data.labels(), mode == recipe.train().mode()));
        double seconds = watchers.recorder().secondsOfRounds(mode.key());
        return new NetworkOutcome(mode, settings.masks().sparsity(), pruned, tuned, test, exported, seconds);
    }

    private Measurement measure(Recorder.Evaluated what, Network network, JavaRDD<DataSet> examples) {
        String name = "%s %s on %s".formatted(what.mode(), what.state(), what.split());
        Measurement measured = Measurement.of(evaluator.measure(name, network, examples), false);
        watchers.recorder().evaluation(what, measured);
        watchers.progress().evaluation(name, measured);
        return measured;
    }
}
